import Bytes

/// How often places were reached by links that were themselves found by links.
struct NestedLinks: Sendable {
  private var counts: [Path: Int] = [:]

  /// How often one place is reached that way.
  ///
  /// Its files are known by then, and a few folders that link to one another have more paths than any
  /// walk can take.
  private static let limit = 40

  /// Counts such a link to `place`; false if there were enough.
  mutating func takes(_ place: Path) -> Bool {
    counts[place, default: 0] += 1
    return counts[place, default: 0] <= NestedLinks.limit
  }
}
