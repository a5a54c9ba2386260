import Bytes
import CloudTrail
import Dataset
import Status
import TestSupport

/// Days are counted from this one in these tests: 2026-11-01.
let firstDay = Day(daysSince1970: 20_758)

/// The day that comes `number` days after the first.
func day(_ number: Int32) -> Day { firstDay.advanced(by: Int(number)) }

func value(_ text: String) -> PartitionValue { PartitionValue(text.utf8.span) }

/// A dataset of empty partitions, written cell by cell.
struct MadeUpDataset {
  let folder: TemporaryFolder
  private var cells: [Cell: CellSummary] = [:]
  private var logs: [Day: [ValidatedLog]] = [:]
  private var logCount = 0
  private var digests: [Day: [ValidatedDigest]] = [:]
  private var entries: [Day: [Path: LedgerEntry]] = [:]

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Adds a cell with events all day, and the one file that brought them; days are counted from the
  /// first.
  mutating func add(_ account: String, _ region: String, day number: Int32, records: Int = 10) {
    let cell = Cell(
      family: .events, account: value(account), region: value(region), day: day(number))
    let midnight = cell.day.secondsSince1970
    let (first, last) = (EventTime(seconds: midnight), EventTime(seconds: midnight + 86_000))
    cells[cell] = CellSummary(recordCount: records, firstTime: first, lastTime: last)
    var entry = LedgerEntry(
      path: Path("mirror/AWSLogs/\(account)/\(region)/\(number).json.gz"), byteCount: 100,
      outcome: .read)
    (entry.account, entry.region) = (cell.account, cell.region)
    (entry.firstTime, entry.lastTime, entry.recordCount) = (first, last, records)
    add(entry, day: cell.day)
  }

  mutating func add(_ entry: LedgerEntry, day: Day) {
    entries[day, default: [:]][entry.path] = entry
  }

  /// Adds what a validation said of a log file that was delivered on a day.
  mutating func add(
    _ verdict: LogVerdict, _ account: String, _ region: String, day number: Int32,
    name: String = "x",
    coverage: DigestCoverage? = nil
  ) {
    logCount += 1
    let path = Path("AWSLogs/\(account)/CloudTrail/\(region)/\(name)-\(logCount).json.gz")
    let object = Array("s3://b/".utf8) + path.bytes
    var log = ValidatedLog(
      path: verdict == .missing ? nil : path, object: verdict == .noDigest ? nil : object,
      verdict: verdict)
    (log.account, log.region, log.coverage) = (value(account), value(region), coverage)
    if verdict == .mismatch { log.reason = name }
    log.digest = verdict == .noDigest ? nil : Array("s3://b/\(name)".utf8)
    logs[day(number), default: []].append(log)
  }

  /// Adds a digest, or some that are missing from midnight on, an hour each.
  mutating func add(
    digest verdict: DigestVerdict, _ account: String, _ region: String, day number: Int32,
    count: Int = 1, name: String = "main"
  ) {
    let start = EventTime(seconds: day(number).secondsSince1970)
    var digest = ValidatedDigest(
      path: verdict == .missing ? nil : Path("\(name).json.gz"), object: nil, verdict: verdict,
      trail: name)
    (digest.account, digest.region, digest.count) = (value(account), value(region), count)
    // Times have four digits for the year.
    let end = min(start.seconds + Int64(count + 1) * 3600, 253_402_300_799)
    (digest.start, digest.end) = (start, EventTime(seconds: end))
    if verdict == .altered { digest.reason = name }
    digests[day(number), default: []].append(digest)
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
      manifest.store = "ndjson"
      manifest.storeKeys = [.account, .region, .dt]
    }
    for (cell, summary) in cells.sorted(by: { $0.key.day < $1.key.day }) {
      try tree.set(cell, summary)
    }
    for (day, entries) in entries {
      try tree.put(Ledger.text(entries).span, as: .ofDelivery(.ledger, .day(day)))
    }
    for (day, logs) in logs {
      try tree.put(
        ValidationFiles.text(logs).span, as: .ofDelivery(.validatedLogs, .day(day)))
    }
    for (day, digests) in digests {
      try tree.put(
        ValidationFiles.text(digests).span, as: .ofDelivery(.validatedDigests, .day(day)))
    }
    try tree.finish().commit.run(syncs: false)
    return try Status(layout.root)
  }
}

/// A report that names everything the renderers show.
let report = """
  {"job":"nightly","dataset":"/d","started":"2026-11-20T02:00:03Z","finished":"2026-11-20T02:00:15Z",\
  "seconds":12.345,"exit":3,"files":{"found":9,"read":5,"alreadyRead":2,"skipped":{"hidden":1},"failed":1},\
  "records":{"in":50,"written":40,"duplicates":10,"conflicts":0,"filtered":0,"rejected":0,"replaced":0},\
  "failures":[{"path":"a<b>.gz","offset":7,"reason":"cut \\u001b[31moff"}],"notes":[],"committed":true}
  """
