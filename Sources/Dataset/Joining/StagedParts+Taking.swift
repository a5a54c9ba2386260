public import Bytes

extension StagedParts {
  /// Takes over the files of a partition of another dataset, as links where the file system lets us, else
  /// as copies.
  ///
  /// The bytes are compared with what was committed: what is damaged there must not be committed here.
  ///
  /// - Parameters:
  ///   - parts: The files.
  ///   - folder: The folder that they are in.
  ///   - path: The place in the staging area, where there must be nothing.
  ///   - name: What each is called here, by its number.
  /// - Returns: The files as they are staged.
  /// - Throws: `DatasetError.changedFromOutside` for a file that is not as it was committed; `FileError`;
  ///   `Stopped`.
  /// - Complexity: O(bytes).
  public static func taking(
    _ parts: [OutputPart], in folder: Path, as path: Path, named name: (Int) -> String
  ) throws -> StagedParts {
    if parts.count > 1 { try FileSystem.createFolders(path) }
    var renamed = parts
    for number in parts.indices { renamed[number].name = name(number) }
    let staged = StagedParts(path: path, parts: renamed)
    for (part, new) in zip(parts, renamed) {
      try take(folder.appending(part.name), part.fileHash, as: staged.path(of: new))
    }
    return staged
  }

  /// Names the files of a partition of another dataset, which need not be here.
  ///
  /// `folder`: The folder that they would be in.
  public static func naming(_ parts: [OutputPart], in folder: Path) -> StagedParts {
    let path = parts.count == 1 ? folder.appending(parts[0].name) : folder
    return StagedParts(path: path, parts: parts, isElsewhere: true)
  }

  /// Names the files of a partition of another dataset after a look whether they could be taken over.
  ///
  /// `folder`: The folder that they are in.
  ///
  /// - Throws: As `taking`.
  public static func checking(_ parts: [OutputPart], in folder: Path) throws -> StagedParts {
    for part in parts { try check(folder.appending(part.name), part.fileHash) }
    return naming(parts, in: folder)
  }

  /// Takes over one file of another dataset.
  ///
  /// - Parameters:
  ///   - source: Where it is.
  ///   - hash: What was committed.
  ///   - path: The place in the staging area.
  /// - Throws: As `taking`.
  public static func take(_ source: Path, _ hash: FileHash, as path: Path) throws {
    try check(source, hash)
    do throws(FileError) {
      try FileSystem.link(path, to: source)
    } catch {
      let copy = try HashedFile(path)
      try copy.append(fileAt: source)
      guard try copy.finish() == hash else {
        throw DatasetError.changedFromOutside(source, "has other bytes than were committed")
      }
    }
  }

  /// Looks whether a file of another dataset is as it was committed.
  ///
  /// - Throws: As `taking`.
  static func check(_ source: Path, _ hash: FileHash) throws {
    try StopSignal.check()
    guard try hash.isHash(ofFileAt: source) else {
      let isThere = try FileSystem.isThere(source)
      throw DatasetError.changedFromOutside(
        source, isThere ? "has other bytes than were committed" : "is gone")
    }
  }
}
