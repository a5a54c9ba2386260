import Bytes
import CloudTrail
import Dataset

/// What the user should look at first, the gravest first.
struct Attention {
  enum Level: Int, Comparable {
    case worthALook
    case bad

    static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  struct Finding {
    var level: Level
    var title: String
    var detail: String
  }

  private(set) var findings: [Finding] = []

  init(_ status: Status) {
    addDigests(status.digests)
    addRun(status)
    addFiles(status)
    addMissing(status)
    addRecords(status)
    findings = findings.enumerated()
      .sorted {
        $0.element.level != $1.element.level
          ? $0.element.level > $1.element.level : $0.offset < $1.offset
      }
      .map(\.element)
  }

  private mutating func add(_ level: Level, _ title: String, _ detail: String) {
    findings.append(Finding(level: level, title: title, detail: detail))
  }

  private mutating func addDigests(_ evidence: DigestEvidence) {
    let total = evidence.total.counts
    let (altered, absent) = (
      evidence.logs.filter { $0.verdict != .missing },
      evidence.logs.filter { $0.verdict == .missing }
    )
    if total.mismatch > 0 {
      add(
        .bad, "\(plural(total.mismatch, "log file is", "log files are")) not what the digest says",
        list(altered.map { "\($0.name): \($0.reason ?? "")" }, of: total.mismatch))
    }
    if total.missing > 0 {
      add(
        .bad, "\(plural(total.missing, "listed log file is", "listed log files are")) absent",
        list(absent.map(\.name), of: total.missing))
    }
    addInvalidDigests(evidence)
    if total.covered > 0 {
      add(
        .worthALook, "\(plural(total.covered, "log file", "log files")) in no digest",
        "Digests cover the time of their delivery: a trail without validation, or somebody, put "
          + "them there.")
    }
    for damage in evidence.damages { add(.worthALook, "Damaged evidence", damage.description) }
  }

  /// Digests that cannot be relied on, and the hours that lack theirs.
  private mutating func addInvalidDigests(_ evidence: DigestEvidence) {
    let total = evidence.total.counts
    if total.digestsInvalid > 0 {
      let places = evidence.alteredDigests.map { "\($0.verdict.words): \($0.place)" }
      add(
        .bad,
        "\(plural(total.digestsInvalid, "digest", "digests")) cannot be relied on",
        list(places, of: total.digestsInvalid) + ". What they say of log files does not count.")
    }
    if total.digestsMissing > 0 {
      let stretches = evidence.absentStretches
      let places = stretches.map {
        $0.place + ($0.isNamed ? "" : " (up to \(grouped($0.count)))")
      }
      let shown = stretches.prefix(Attention.nameLimit).reduce(0) { $0 + $1.count }
      add(
        .bad,
        (total.upTo.isEmpty ? "" : "Up to ")
          + plural(total.digestsMissing, "digest is missing", "digests are missing"),
        list(places, of: places.prefix(Attention.nameLimit).count + total.digestsMissing - shown)
          + ". Nothing vouches for what was delivered in those hours.")
    }
  }

  /// How many of a kind are named.
  private static let nameLimit = 3

  /// The first few, and how many more there are.
  private func list(_ names: [String], of total: Int) -> String {
    let shown = names.prefix(Attention.nameLimit)
    let more = total - shown.count
    return shown.joined(separator: "; ") + (more > 0 ? "; and \(grouped(more)) more" : "")
  }

  private mutating func addRun(_ status: Status) {
    guard let run = status.lastRun else {
      return add(.worthALook, "No run report", "The folder of run reports is empty.")
    }
    if run.status == .integrity || run.status == .failed {
      add(
        .bad, "The last run ended with exit \(run.exit)",
        ([run.verdict] + run.notes).joined(separator: "; "))
    }
    if let census = status.census, census.damagedCellCount > 0 {
      add(
        .bad,
        "\(plural(census.damagedCellCount, "file or index", "files or indexes")) changed since the commit",
        "trailmerge verify says which.")
    }
  }

  private mutating func addFiles(_ status: Status) {
    let failures = status.deliveries.failures
    guard let first = failures.first else { return }
    add(
      .bad, "\(plural(failures.count, "input file", "input files")) could not be read in full",
      "\(first.path): \(first.reason ?? "bytes follow its data")"
        + (failures.count > 1 ? " …" : ""))
  }

  private mutating func addMissing(_ status: Status) {
    let findings = status.findings
    let accounts = findings.silences.filter { $0.region == nil }
    if !accounts.isEmpty {
      let names = accounts.prefix(3).map { "\($0.account.shown) since \($0.lastDay)" }
      add(
        .bad, "\(plural(accounts.count, "account", "accounts")) fell silent",
        names.joined(separator: ", ") + (accounts.count > 3 ? " …" : ""))
    }
    if !findings.holes.isEmpty {
      let days = findings.holes.reduce(0) { $0 + $1.dayCount }
      let rows = Set(findings.holes.map { "\($0.account.shown) \($0.region.shown)" })
      add(
        .bad, "\(plural(days, "day", "days")) without events between days with events",
        "in \(plural(rows.count, "account and region", "accounts and regions")): "
          + rows.sorted().prefix(3).joined(separator: ", ") + (rows.count > 3 ? " …" : ""))
    }
    let regions = findings.silences.filter { $0.region != nil }
    if let first = regions.first {
      add(
        .worthALook,
        "\(plural(regions.count, "region", "regions")) fell silent in accounts that go on",
        "\(first.account.shown) \(first.region?.shown ?? "") since \(first.lastDay)"
          + (regions.count > 1 ? " …" : ""))
    }
  }

  private mutating func addRecords(_ status: Status) {
    if status.totals.conflictCount > 0 {
      add(
        .worthALook,
        "\(plural(status.totals.conflictCount, "text", "texts")) lost to another with the same eventID",
        "\(DatasetFile.Folder.conflicts) keeps them.")
    }
    if status.totals.rejectedCount > 0 {
      add(
        .worthALook,
        "\(plural(status.totals.rejectedCount, "record", "records")) without a usable eventTime",
        "\(DatasetFile.DeliveryKind.rejected.folder) keeps them.")
    }
  }

  private func plural(_ count: Int, _ one: String, _ many: String) -> String {
    "\(grouped(count)) \(count == 1 ? one : many)"
  }
}
