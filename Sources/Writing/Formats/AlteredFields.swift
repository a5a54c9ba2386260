/// How many fields are not exactly what the record says, by what was done to them.
///
/// A field that was altered in two ways counts for both, once each.
public struct AlteredFields: Sendable, Equatable {
  /// The counts under the names that they have in a report; what did not happen may be left out.
  public var byKind: [(kind: String, count: Int)] { counts.map { ($0, $1) } }

  private var counts: [String: Int]

  public init(_ counts: [String: Int] = [:]) {
    self.counts = counts
  }
}
