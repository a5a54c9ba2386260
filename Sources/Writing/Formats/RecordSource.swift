public import Bytes

/// Where a record was read: what the provenance columns show.
public struct RecordSource: Sendable, Equatable {
  /// The file that held the record.
  public var path: Path
  /// The record's place in that file, counted from 0.
  public var index: Int
  /// What the digest chain says about the file; empty if nobody asked it.
  public var digest: String

  public init(path: Path, index: Int, digest: String = "") {
    self.path = path
    self.index = index
    self.digest = digest
  }
}
