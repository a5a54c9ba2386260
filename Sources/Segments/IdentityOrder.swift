import CloudTrail

/// Puts identities in order.
enum IdentityOrder {
  /// How many rows a bucket holds on average, where identities are spread evenly.
  private static let rowsOfBucket = 4
  private static let bucketBitLimit = 16

  /// Sorts rows.
  ///
  /// Identities are hashes or random, so rows are first shared out by their leading bits, between the
  /// least and the greatest: hardly any is then compared with more than a few others.
  ///
  /// - Returns: The rows in order; equal ones all stay.
  /// - Complexity: O(rows), and O(rows · log rows) where most share their leading bits.
  static func sorted(_ rows: ArraySlice<PlacedIdentity>) -> [PlacedIdentity] {
    guard rows.count > 2 * rowsOfBucket, let first = rows.first else { return rows.sorted() }
    var (least, greatest) = (first.identity.high, first.identity.high)
    for row in rows {
      least = min(least, row.identity.high)
      greatest = max(greatest, row.identity.high)
    }
    let wanted = UInt64.bitWidth - (rows.count / rowsOfBucket).leadingZeroBitCount
    let bits = min(bucketBitLimit, wanted)
    let shift = max(0, UInt64.bitWidth - (greatest - least).leadingZeroBitCount - bits)
    let buckets = Buckets(least: least, shift: UInt64(shift))

    var ends = [Int](repeating: 0, count: buckets.number(of: greatest) + 2)
    for row in rows { ends[buckets.number(of: row.identity.high) + 1] += 1 }
    for bucket in 1..<ends.count { ends[bucket] += ends[bucket - 1] }
    // What is the beginning of a bucket now is its end once all its rows are in it.
    var sorted = [PlacedIdentity](repeating: first, count: rows.count)
    for row in rows {
      let bucket = buckets.number(of: row.identity.high)
      sorted[ends[bucket]] = row
      ends[bucket] += 1
    }
    var start = 0
    for end in ends.dropLast() {
      sort(&sorted, start..<end)
      start = end
    }
    return sorted
  }

  private struct Buckets {
    let least: UInt64
    let shift: UInt64

    @inline(__always)
    func number(of high: UInt64) -> Int { Int((high &- least) &>> shift) }
  }

  private static func sort(_ rows: inout [PlacedIdentity], _ range: Range<Int>) {
    if range.count > 32 { return rows[range].sort() }
    for place in range.dropFirst() {
      let row = rows[place]
      var free = place
      while free > range.lowerBound, row < rows[free - 1] {
        rows[free] = rows[free - 1]
        free -= 1
      }
      rows[free] = row
    }
  }
}
