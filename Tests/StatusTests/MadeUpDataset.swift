import Bytes
import CloudTrail
import Dataset
import Segments
import Status
import TestSupport
import Validation

/// Days are counted from this one in these tests: 2026-11-01.
let firstDay = Day(daysSince1970: 20_758)

/// The day that comes `number` days after the first.
func day(_ number: Int32) -> Day { firstDay.advanced(by: Int(number)) }

func value(_ text: String) -> PartitionValue { PartitionValue(text.utf8.span) }

/// A dataset of empty partitions, written cell by cell.
struct MadeUpDataset {
  let folder: TemporaryFolder
  /// The lines of its job: `select.from: 2026-11-04`.
  var job: [String] = []
  private var cells: [Cell: CellSummary] = [:]
  private var evidence = DigestEvidence()
  private var logCount = 0
  private var facts: [DigestFacts] = []
  private var entries: [Day: [Path: LedgerEntry]] = [:]

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Adds a cell with events all day, and the one file that brought them; days are counted from the
  /// first.
  ///
  /// Without records they have left, and the file is still in the ledger.
  mutating func add(_ account: String, _ region: String, day number: Int32, records: Int = 10) {
    let cell = Cell(
      family: .events, account: value(account), region: value(region), day: day(number))
    let midnight = cell.day.secondsSince1970
    let (first, last) = (EventTime(seconds: midnight), EventTime(seconds: midnight + 86_000))
    if records > 0 {
      cells[cell] = CellSummary(recordCount: records, firstTime: first, lastTime: last)
    }
    var entry = LedgerEntry(
      path: Path("mirror/AWSLogs/\(account)/\(region)/\(number).json.gz"), byteCount: 100,
      outcome: .read)
    (entry.account, entry.region) = (cell.account, cell.region)
    (entry.firstTime, entry.lastTime, entry.recordCount) = (first, last, max(records, 1))
    add(entry, day: cell.day)
  }

  mutating func add(_ entry: LedgerEntry, day: Day) {
    entries[day, default: [:]][entry.path] = entry
  }

  /// Adds what digests say of a log file that was delivered on a day.
  mutating func add(
    _ verdict: LogVerdict, _ account: String, _ region: String, day number: Int32,
    name: String = "x",
    coverage: DigestCoverage? = nil
  ) {
    logCount += 1
    let path = "AWSLogs/\(account)/CloudTrail/\(region)/\(name)-\(logCount).json.gz"
    let log = DigestEvidence.InvalidLog(
      verdict: verdict, name: verdict == .missing ? "s3://b/" + path : path,
      reason: verdict == .mismatch ? name : nil,
      digest: verdict == .noDigest ? "" : "s3://b/\(name)", account: value(account),
      region: value(region), day: day(number))
    evidence.add(log, coverage, family: .events)
  }

  /// Adds a digest that is invalid, or some that are missing from midnight on, an hour each.
  mutating func add(
    digest verdict: DigestVerdict, _ account: String, _ region: String, day number: Int32,
    count: Int = 1, name: String = "main"
  ) {
    let start = EventTime(seconds: day(number).secondsSince1970)
    // Times have four digits for the year.
    let end = min(start.seconds + Int64(count + 1) * 3600, 253_402_300_799)
    evidence.add(
      DigestEvidence.InvalidDigest(
        verdict: verdict,
        name: verdict == .missing ? "\(account) \(region) \(name)" : "\(name).json.gz",
        reason: verdict == .altered ? name : nil, account: value(account), region: value(region),
        start: start, end: EventTime(seconds: end), count: count, day: day(number),
        chain: ChainID(
          key: Array(
            digestKey(account, region, trail: name, end: EventTime(seconds: start.seconds)).utf8)),
        isNamed: count == 1))
  }

  private func digestKey(
    _ account: String, _ region: String, trail: String, end: EventTime
  ) -> String {
    let stamp = end.text.filter { $0 != "-" && $0 != ":" }
    let date = end.day.description.replacing("-", with: "/")
    return "AWSLogs/\(account)/CloudTrail-Digest/\(region)/\(date)/"
      + "\(account)_CloudTrail-Digest_\(region)_\(trail)_\(region)_\(stamp).json.gz"
  }

  /// Adds the digest of an hour of a day, which lists nothing.
  ///
  /// One after a pause is a starting digest, or names one that is missing.
  mutating func add(
    digestOf hour: Int, _ account: String, _ region: String, day number: Int32, isSigned: Bool,
    trail: String = "main", namesMissing: Bool = false
  ) {
    let start = EventTime(seconds: day(number).secondsSince1970 + Int64(hour) * 3600)
    let end = EventTime(seconds: start.seconds + 3600)
    let key = digestKey(account, region, trail: trail, end: end)
    var document = DigestFacts.Document(
      hash: SHA256Digest(of: Array(key.utf8).span),
      object: ObjectKey(bucket: Array("b".utf8), key: Array(key.utf8)), start: start, end: end,
      endText: Array(end.text.utf8), fingerprint: "00")
    if let last = facts.last?.document, last.end == start {
      document.previous = .init(object: last.object, hash: last.hash, signature: [])
      document.previousSignature = []
    }
    if namesMissing, document.previous == nil, !facts.isEmpty {
      let missing = Array(digestKey(account, region, trail: trail, end: start).utf8)
      document.previous = .init(
        object: ObjectKey(bucket: Array("b".utf8), key: missing),
        hash: SHA256Digest(of: missing.span), signature: [])
      document.previousSignature = []
    }
    var digest = DigestFacts(path: Path("mirror/" + key), document: document)
    digest.previousVerifiedBy = isSigned ? "00" : nil
    facts.append(digest)
  }

  /// Writes the report of a run.
  func addRun(_ json: String, name: String = "2026-11-20T020003Z") throws {
    try FileTree.write(json, to: "_trailmerge/runs/\(name).json", in: folder.path)
  }

  func status() throws -> Status {
    let layout = DatasetLayout(Path(folder.path))
    try FileSystem.createFolders(layout.own)
    let nothing = StoredDataset(layout, Manifest())
    var tree = TreeUpdate(nothing, replacing: nothing)
    tree.describe { manifest in
      manifest.job = job
      manifest.store = "ndjson"
      manifest.storeKeys = [.account, .region, .dt]
    }
    for (cell, summary) in cells.sorted(by: { $0.key.day < $1.key.day }) {
      try tree.set(cell, summary)
    }
    for (day, entries) in entries {
      try tree.put(Ledger.text(entries).span, as: .ofDelivery(.ledger, .day(day)))
    }
    let update = DigestFactsUpdate(onto: nothing) { RowSorter(memory: 1 << 20) { "" } }
    for digest in facts { try update.put(digest) }
    try update.passAll { _, _ in }
    try update.stage(in: &tree)
    try tree.finish().commit.run(syncs: false)
    if !facts.isEmpty { return try Status(layout.root) }
    let evidence = evidence
    return try Status(layout) { _, _ in evidence }
  }
}

/// The matrix as CSV.
func csv(_ status: Status, isForTerminal: Bool = false) -> String {
  var text = ""
  StatusData.csv(status, isForTerminal: isForTerminal) { text += $0 }
  return text
}

/// A report that names everything the renderers show.
let report = """
  {"job":"nightly","dataset":"/d","started":"2026-11-20T02:00:03Z","finished":"2026-11-20T02:00:15Z",\
  "seconds":12.345,"exit":3,"files":{"found":9,"read":5,"alreadyRead":2,"skipped":{"hidden":1},"failed":1},\
  "records":{"in":50,"written":40,"duplicates":10,"conflicts":0,"filtered":0,"rejected":0,"replaced":0},\
  "failures":[{"path":"a<b>.gz","offset":7,"reason":"cut \\u001b[31moff"}],"notes":[],"committed":true}
  """
