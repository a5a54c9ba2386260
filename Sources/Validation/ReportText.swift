import Bytes
import CloudTrail

extension ValidationReport {
  /// The report for people: lines and words as `aws cloudtrail validate-logs` has them, then a line
  /// for every chain and a summary.
  ///
  /// - Parameters:
  ///   - isVerbose: Whether to show what is in order too.
  ///   - write: Takes one line after the other; they are safe to print.
  public func writeText(isVerbose: Bool, _ write: (String) -> Void) {
    for finding in digests where isVerbose || finding.status.isInvalid { write(finding.text) }
    for finding in logs where isVerbose || finding.status.isInvalid { write(finding.text) }
    for folder in unreadableFolders { write(folder.text) }
    for chain in chains {
      for gap in chain.gaps { write(gap.text(in: chain)) }
      for note in chain.notes { write("Chain\t\(chain.id)\t\(note)") }
    }
    for link in skippedLinks where isVerbose {
      write("Link\t\(printable(link))\tnot followed: \(ValidationReport.skippedLink)")
    }
    if let span { write("\nResults found for \(span):\n") }
    for line in summary { write(line) }
  }

  private static let skippedLink =
    "it leads nowhere, to what is found without it, or to a folder above itself"

  /// One line for each thing that is invalid.
  public var problems: [String] {
    digests.filter(\.status.isInvalid).map(\.text) + logs.filter(\.status.isInvalid).map(\.text)
      + unreadableFolders.map(\.text)
  }

  private var span: String? {
    guard let start = chains.compactMap(\.start).min(), let end = chains.compactMap(\.end).max()
    else { return nil }
    return "\(start.text) to \(end.text)"
  }

  /// How many digests and logs there are of each kind, and which of them were valid.
  public var summary: [String] {
    var lines: [String] = []
    for isBackfill in [false, true] {
      let some = digests.filter { $0.chain.isBackfill == isBackfill }
      if some.isEmpty, isBackfill || !digests.isEmpty { continue }
      let name = isBackfill ? "backfill digest files" : "digest files"
      lines.append(
        counts(some.map { ($0.status.summary, $0.status.isInvalid) }, name))
    }
    lines.append(counts(logs.map { ($0.status.text, $0.status.isInvalid) }, "log files"))
    if !hasKeys, !digests.isEmpty {
      lines.append("No public keys were given: hashes and links were checked, signatures were not.")
    }
    return lines
  }

  /// `22/23 digest files valid, 1/23 digest files INVALID`.
  private func counts(_ texts: [(text: String, isInvalid: Bool)], _ name: String) -> String {
    if texts.isEmpty { return "0 \(name)" }
    let grouped = Dictionary(grouping: texts) { $0.isInvalid ? "INVALID" : $0.text }
    let order = ["valid", "INVALID"]
    let words = grouped.keys.sorted { left, right in
      let leftRank = order.firstIndex(of: left) ?? order.count
      let rightRank = order.firstIndex(of: right) ?? order.count
      return leftRank != rightRank ? leftRank < rightRank : left < right
    }
    return words.map { word in
      "\(grouped[word]?.count ?? 0)/\(texts.count) \(name) \(word)"
    }.joined(separator: ", ")
  }
}

extension DigestFinding {
  fileprivate var text: String {
    "\(chain.isBackfill ? "(backfill) " : "")Digest file\t\(object)\t\(status.text)"
  }
}

extension LogFinding {
  fileprivate var text: String {
    let name = object?.description ?? path.map { printable($0) } ?? ""
    return "\(isBackfill ? "(backfill) " : "")Log file\t\(name)\t\(status.text)"
  }
}

extension UnreadableFolder {
  fileprivate var text: String {
    "Folder\t\(printable(path))\tINVALID: \(printable(reason))"
  }
}

extension DigestStatus {
  /// The group in the summary.
  fileprivate var summary: String {
    switch self {
    case .unsigned: "signature unchecked"
    case .linked, .newest, .valid: text
    case .altered, .missing, .moved, .keyNotFound, .invalidFormat: "INVALID"
    }
  }
}

extension ChainReport.Gap {
  fileprivate func text(in chain: ChainReport) -> String {
    let span = "between \(start.text) and \(end.text)"
    return switch cause {
    case .missing: "Chain\t\(chain.id)\tdigests are missing \(span)"
    case .restart: "Chain\t\(chain.id)\tno validation \(span): it was switched on again then"
    case .unexplained: "Chain\t\(chain.id)\tno digest covers the time \(span)"
    }
  }
}

extension ChainReport {
  /// What to know about the chain besides its digests.
  fileprivate var notes: [String] {
    var notes: [String] = []
    var words = "digest files: \(digestCount), without log files: \(emptyDigestCount)"
    if let start, let end { words += "; \(start.text) to \(end.text)" }
    switch beginning {
    case .start: words += "; from its first digest on"
    case .outside: words += "; begins outside the inputs"
    case .unknown: break
    }
    notes.append(words)
    if unnamedMissingCount > 0 {
      notes.append("up to \(unnamedMissingCount) more digest files are missing; nothing names them")
    }
    if overlapCount > 0 {
      notes.append("\(overlapCount) digest files overlap in time, out of order")
    }
    if forkCount > 0 { notes.append("\(forkCount) digest files are followed by more than one") }
    if bucketChangeCount > 0 { notes.append("\(bucketChangeCount) links lead to another bucket") }
    return notes
  }
}
