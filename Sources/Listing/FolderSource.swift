public import Bytes

/// Gives for a folder a test of the names in it: which files are looked at.
public typealias WantedNames = @Sendable (ListedFolder) -> (([UInt8]) -> Bool)

/// Every regular file below folders, and files that are named one by one.
///
/// Every path is a file of its own: of hard links each is found, like copies. Links are followed, but
/// not to what is found without them, nor in a circle. The job's dataset and the tool's own folders
/// are left out, however they are reached. Folders are listed by several threads ahead of the one that
/// takes the files, since on network file systems every call waits for the wire.
public struct FolderSource: InputSource {
  private let roots: [InputRoot]
  private let dataset: Path?
  private let wanted: WantedNames?

  /// - Parameters:
  ///   - roots: Apart from one another.
  ///   - dataset: The job's dataset; it need not be there.
  ///   - wanted: Which files are looked at and handed over, where the folder tells that they are files and
  ///     they are not hidden; nil for all.
  public init(_ roots: [InputRoot], dataset: Path? = nil, wanting wanted: WantedNames? = nil) {
    self.roots = roots
    self.dataset = dataset
    self.wanted = wanted
  }

  /// - Complexity: O(files), and the listings of some folders in memory; one status call a file, none
  ///   with a path walked again.
  public func list(_ mapping: some ParallelMapping, _ take: (Listed) throws -> Void) throws {
    let limits = try WalkLimits(roots, dataset: dataset)
    let ahead = FoldersAhead(wanting: wanted)
    var walk = try FolderWalk(roots, limits: limits, ahead)
    try mapping.run(helpedBy: ahead.help) {
      defer { ahead.close() }
      while let found = try walk.next() {
        for listed in found { try take(listed) }
      }
    }
  }
}
