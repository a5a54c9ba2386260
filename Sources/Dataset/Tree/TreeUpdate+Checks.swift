public import Bytes
import CloudTrail

/// What is checked of the partitions that a commit leaves as they are, and of folders it is to fill.
extension TreeUpdate {
  /// Checks that every file of a period's partitions is there in its size: bytes are checked by readers.
  ///
  /// - Throws: `DatasetError.changedFromOutside` for the first that is not.
  /// - Complexity: one status call a file.
  public func checkCommittedParts(of period: Period) throws {
    for (folder, parts) in try stored.list(period).partitions.sorted(by: { $0.key < $1.key }) {
      for part in parts {
        try part.checkSize(at: layout.root.appending(folder).appending(part.name))
      }
    }
  }

  /// Checks that no partition which the manifest does not have has files: whose they are nobody knows,
  /// and the commit would take their place.
  ///
  /// - Throws: `DatasetError.changedFromOutside` for the first file.
  /// - Complexity: one status call a folder, where there is none.
  public func checkUncommittedParts(in folders: some Sequence<Path>) throws {
    for folder in folders where try committedParts(in: folder)?.isEmpty == true {
      let path = layout.root.appending(folder)
      guard try FileSystem.isThere(path) else { continue }
      for entry in try OpenFolder(path).entries()
      where PartName(Path(bytes: entry.name).description) != nil {
        throw DatasetError.changedFromOutside(path.appending(entry.name), "was not committed")
      }
    }
  }
}

extension OutputPart {
  /// Checks that the file is there in its size.
  fileprivate func checkSize(at path: Path) throws {
    let status: FileStatus
    do throws(FileError) {
      status = try FileSystem.status(path)
    } catch {
      guard error.isNotFound else { throw error }
      throw DatasetError.missing(path)
    }
    if let problem = problem(ofSize: status.byteCount) {
      throw DatasetError.changedFromOutside(path, problem)
    }
  }
}
