import Bytes

/// What came in, and what became of it: all of that together, if nothing is lost.
public struct BalanceSheet: Sendable, CustomStringConvertible {
  public let total: (name: String, count: Int)
  public let terms: [(name: String, count: Int)]

  public var closes: Bool { terms.map(\.count).clampedSum() == total.count }

  /// `9,200 found = 210 read + 8,990 already read`.
  public var description: String {
    let shown = terms.filter { $0.count > 0 }.map { "\(grouped($0.count)) \(printable($0.name))" }
    let sum = shown.isEmpty ? "0" : shown.joined(separator: " + ")
    return "\(grouped(total.count)) \(total.name) = \(sum)"
  }
}

extension RunCounts.Files {
  /// Every file found is in exactly one class.
  public var balance: BalanceSheet {
    let skipped = skipped.sorted { $0.key < $1.key }.map { ("skipped: \($0.key)", $0.value) }
    return BalanceSheet(
      total: ("found", found),
      terms: [("read", read), ("already read", alreadyRead)] + skipped + [("failed", failed)])
  }

  public var isBalanced: Bool { balance.closes }
}

extension RunCounts.Records {
  /// Every record read in this run has exactly one fate.
  public var balance: BalanceSheet {
    BalanceSheet(
      total: ("in", input), terms: Self.fates.map { ($0.name, self[keyPath: $0.count]) })
  }

  public var isBalanced: Bool { balance.closes }
}

extension RunCounts {
  /// What a summary says of any run: `3 files read`, `40 records written`, and what failed.
  public var deeds: [String] {
    var deeds = [
      "\(counted(files.read, "file")) read", "\(counted(records.written, "record")) written",
    ]
    if files.failed > 0 { deeds.append("\(counted(files.failed, "file")) failed") }
    if records.rejected > 0 { deeds.append("\(counted(records.rejected, "record")) rejected") }
    return deeds
  }
}
