public import Bytes

/// The files of one partition before a commit puts them in place.
///
/// Nearly every partition is one file: it is staged without a folder, which would cost as much as
/// the file itself to make and to remove.
public struct StagedParts: Sendable {
  /// The file of the only part, or the folder of several.
  public let path: Path
  public let parts: [OutputPart]

  public init(path: Path, parts: [OutputPart]) {
    self.path = path
    self.parts = parts
  }

  /// Where a part is.
  public func path(of part: OutputPart) -> Path {
    parts.count == 1 ? path : path.appending(part.name)
  }
}
