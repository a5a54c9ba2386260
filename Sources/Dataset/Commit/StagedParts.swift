public import Bytes

/// The files of one partition before a commit puts them in place.
///
/// Nearly every partition is one file: it is staged without a folder, which would cost as much as
/// the file itself to make and to remove.
public struct StagedParts: Sendable {
  /// The file of the only part, or the folder of several.
  public let path: Path
  public let parts: [OutputPart]
  /// Whether the files are another dataset's, and stay where they are: whoever has them puts them into the
  /// staging area, by their hashes.
  public let isElsewhere: Bool

  public init(path: Path, parts: [OutputPart], isElsewhere: Bool = false) {
    self.path = path
    self.parts = parts
    self.isElsewhere = isElsewhere
  }

  /// Where a part is.
  public func path(of part: OutputPart) -> Path {
    parts.count == 1 ? path : path.appending(part.name)
  }
}
