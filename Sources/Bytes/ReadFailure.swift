/// A file or folder that could not be read whole: which, where in it, and why.
public struct ReadFailure: Sendable, Equatable {
  /// What reports and the dataset call it.
  public var source: Path
  /// Bytes into the JSON where the trouble begins; nil where that means nothing.
  public var offset: Int?
  /// One sentence for the user.
  public var reason: String

  public init(_ source: Path, offset: Int?, _ reason: String) {
    self.source = source
    self.offset = offset
    self.reason = reason
  }
}

/// By path.
extension ReadFailure: Comparable {
  public static func < (left: ReadFailure, right: ReadFailure) -> Bool {
    left.source < right.source
  }
}
