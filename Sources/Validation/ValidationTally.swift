import Bytes
public import CloudTrail

/// Counts what a validation finds.
public struct ValidationTally: Sendable {
  /// How many are in a group of a summary, and whether they are invalid.
  private struct Group {
    var count = 0
    var isInvalid: Bool
  }

  private var digestGroups: [Bool: [String: Group]] = [:]
  private var logGroups: [String: Group] = [:]
  /// Digest files by the name of their status.
  public private(set) var digests: [String: Int] = [:]
  /// Log files by the name of their status.
  public private(set) var logs: [String: Int] = [:]
  /// Log files that no digest lists, by whether one should.
  public private(set) var withoutDigest: [String: Int] = [:]
  public private(set) var chainCount = 0
  public private(set) var start: EventTime?
  public private(set) var end: EventTime?
  /// How many things are invalid.
  public private(set) var problemCount = 0

  public init() {}

  /// Whether there was any digest to check with.
  public var hasDigests: Bool { !digests.isEmpty }

  /// Whether anything is altered, missing, forged or unreadable.
  ///
  /// A newest digest that nothing signs yet, a chain that begins outside the mirror, and logs that
  /// no digest lists are reported, but are not errors.
  public var isInvalid: Bool { problemCount > 0 }

  public mutating func add(_ finding: ValidationFinding) {
    switch finding {
    case .digest(let digest):
      let status = digest.status
      digests[status.name, default: 0] += 1
      digestGroups[digest.chain.isBackfill, default: [:]][
        status.summary, default: Group(isInvalid: status.isInvalid)
      ].count += 1
      if status.isInvalid { problemCount += 1 }
    case .chain(let chain):
      chainCount += 1
      problemCount += chain.shortfalls.count
      if let first = chain.start { start = min(start ?? first, first) }
      if let last = chain.end { end = max(end ?? last, last) }
    case .log(let log):
      let status = log.status
      logs[status.name, default: 0] += 1
      let text = status.isInvalid ? "INVALID" : status.text
      logGroups[text, default: Group(isInvalid: status.isInvalid)].count += 1
      if let coverage = status.coverage { withoutDigest[coverage.rawValue, default: 0] += 1 }
      if status.isInvalid { problemCount += 1 }
    case .unreadableFolder: problemCount += 1
    case .unnamedMissing, .verified, .skippedLink: break
    }
  }

  /// From the first digest to the last.
  public var span: String? {
    start.flatMap { start in end.map { "\(start.text) to \($0.text)" } }
  }

  /// How many digests and logs there are of each kind, and which of them were valid.
  ///
  /// `hasKeys`: Whether signatures could be checked.
  public func summary(hasKeys: Bool) -> [String] {
    var lines: [String] = []
    for isBackfill in [false, true] {
      let groups = digestGroups[isBackfill] ?? [:]
      if groups.isEmpty, isBackfill || hasDigests { continue }
      lines.append(words(groups, isBackfill ? "backfill digest files" : "digest files"))
    }
    lines.append(words(logGroups, "log files"))
    if !hasKeys, hasDigests {
      lines.append("No public keys were given: hashes and links were checked, signatures were not.")
    }
    return lines
  }

  /// `22/23 digest files valid, 1/23 digest files INVALID`.
  private func words(_ groups: [String: Group], _ name: String) -> String {
    let total = groups.values.reduce(0) { $0 + $1.count }
    if total == 0 { return "0 \(name)" }
    let order = ["valid", "INVALID"]
    let words = groups.keys.sorted { left, right in
      let leftRank = order.firstIndex(of: left) ?? order.count
      let rightRank = order.firstIndex(of: right) ?? order.count
      return leftRank != rightRank ? leftRank < rightRank : left < right
    }
    return words.map { word in "\(groups[word]?.count ?? 0)/\(total) \(name) \(word)" }
      .joined(separator: ", ")
  }
}
