package import Bytes

extension Path {
  /// Checks that a file of the dataset is a file: a link could lead to another, and reading a device or a
  /// pipe need not end.
  ///
  /// `byteCount`: How long it is to be; nil for any length.
  ///
  /// - Throws: `DatasetError.changedFromOutside` for anything else; `FileError`, as when it is gone.
  package func checkIsFile(ofSize byteCount: Int? = nil) throws {
    let status = try FileSystem.status(self, followLinks: false)
    guard status.kind == .file else {
      throw DatasetError.changedFromOutside(self, "is not a file")
    }
    guard byteCount ?? status.byteCount == status.byteCount else {
      throw DatasetError.altered(self)
    }
  }

  /// The same for a file that no hash is known of.
  ///
  /// - Throws: `DatasetError.damaged` for anything but a file; `FileError`.
  func checkIsOurFile() throws {
    guard try FileSystem.status(self, followLinks: false).kind == .file else {
      throw DatasetError.damaged(self, "it is not a file")
    }
  }
}
