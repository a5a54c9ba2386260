import Bytes
import CloudTrail

extension ValidationFinding {
  /// Its lines for people, words as `aws cloudtrail validate-logs` has them; they are safe to print.
  ///
  /// `isVerbose`: Whether to show what is in order too.
  public func lines(isVerbose: Bool) -> [String] {
    switch self {
    case .digest(let digest):
      isVerbose || digest.status.isInvalid || digest.status == .unsigned ? [digest.text] : []
    case .log(let log):
      isVerbose || log.status.isInvalid ? [log.text] : []
    case .chain(let chain): chain.lines
    case .unreadableFolder(let folder): [folder.text]
    case .skippedLink(let link) where isVerbose:
      [
        "Link\t\(printable(link))\tnot followed: it leads nowhere, to what is found without it, or to a "
          + "folder above itself"
      ]
    case .skippedLink, .unnamedMissing, .verified: []
    }
  }

  /// The line of something that is invalid; nil for anything else.
  public var problems: [String] {
    switch self {
    case .digest(let digest): digest.status.isInvalid ? [digest.text] : []
    case .log(let log): log.status.isInvalid ? [log.text] : []
    case .chain(let chain): chain.shortfalls.map { "Chain\t\(chain.id)\tINVALID: \($0)" }
    case .unreadableFolder(let folder): [folder.text]
    case .skippedLink, .unnamedMissing, .verified: []
    }
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
  fileprivate var lines: [String] {
    shortfalls.map { "Chain\t\(id)\tINVALID: \($0)" } + gaps.map { $0.text(in: self) }
      + notes.map { "Chain\t\(id)\t\($0)" }
  }

  /// What to know about the chain besides its digests.
  private var notes: [String] {
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
