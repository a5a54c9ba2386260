public import Bytes

extension StagedParts {
  /// Takes over the files of a partition of another dataset, as links where the file system lets us, else
  /// as copies.
  ///
  /// The bytes are compared with what was committed: what is damaged there must not be committed here.
  /// Files that are as the dataset's last commit left them are believed.
  ///
  /// - Parameters:
  ///   - parts: The files.
  ///   - folder: The folder that they are in.
  ///   - commit: The last one of their dataset; nil to read all of them.
  ///   - path: The place in the staging area, where there must be nothing.
  ///   - name: What each is called here, by its number.
  /// - Returns: The files as they are staged.
  /// - Throws: `DatasetError.changedFromOutside` for a file that is not as it was committed; `FileError`;
  ///   `Stopped`.
  /// - Complexity: O(bytes) of the files that are read or copied.
  public static func taking(
    _ parts: [OutputPart], in folder: Path, leftBy commit: LastCommit?, as path: Path,
    named name: (Int) -> String
  ) throws -> StagedParts {
    if parts.count > 1 { try FileSystem.createFolders(path) }
    var renamed = parts
    for number in parts.indices { renamed[number].name = name(number) }
    let staged = StagedParts(path: path, parts: renamed)
    for (part, new) in zip(parts, renamed) {
      try take(folder.appending(part.name), part.fileHash, leftBy: commit, as: staged.path(of: new))
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
  /// - Parameters:
  ///   - parts: The files.
  ///   - folder: The folder that they are in.
  ///   - commit: The last one of their dataset; nil to read all of them.
  /// - Returns: The files where they are.
  /// - Throws: As `taking`.
  public static func checking(
    _ parts: [OutputPart], in folder: Path, leftBy commit: LastCommit?
  ) throws -> StagedParts {
    for part in parts {
      try check(folder.appending(part.name), part.fileHash, leftBy: commit)
    }
    return naming(parts, in: folder)
  }

  /// Takes over one file of another dataset.
  ///
  /// - Parameters:
  ///   - source: Where it is.
  ///   - hash: What was committed.
  ///   - commit: The last one of its dataset; nil to read the file.
  ///   - path: The place in the staging area.
  /// - Throws: As `taking`.
  static func take(
    _ source: Path, _ hash: FileHash, leftBy commit: LastCommit?, as path: Path
  ) throws {
    try check(source, hash, leftBy: commit)
    do throws(FileError) {
      try FileSystem.link(path, to: source)
    } catch {
      let copy = try HashedFile(path)
      try copy.append(fileAt: source)
      guard try copy.finish() == hash else {
        throw DatasetError.altered(source)
      }
    }
  }

  /// Looks whether a file of another dataset is as it was committed.
  ///
  /// - Throws: As `taking`.
  static func check(_ source: Path, _ hash: FileHash, leftBy commit: LastCommit?) throws {
    try StopSignal.check()
    if commit?.left(source, byteCount: hash.byteCount) == true { return }
    guard try hash.isHash(ofFileAt: source) else {
      let isThere = try FileSystem.isThere(source)
      throw isThere ? DatasetError.altered(source) : DatasetError.missing(source)
    }
  }
}
