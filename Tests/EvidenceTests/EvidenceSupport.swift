import Bytes
import CloudTrail
import Dataset
import Evidence
import TestSupport

/// Days are counted from this one in these tests: 2026-11-01.
let firstDay: Int32 = 20_758

func value(_ text: String) -> PartitionValue { PartitionValue(text.utf8.span) }

/// A dataset of empty partitions, written cell by cell.
struct MadeUpDataset {
  let folder: TemporaryFolder
  private var manifest = Manifest()
  private var entries: [Int32: [Path: LedgerEntry]] = [:]

  init() throws {
    folder = try TemporaryFolder()
    manifest.store = "ndjson"
    manifest.storeKeys = [.account, .region, .dt]
  }

  /// Adds a cell with events all day, and the one file that brought them; days are counted from the
  /// first.
  mutating func add(_ account: String, _ region: String, day: Int32, records: Int = 10) {
    let cell = Cell(
      family: .events, account: value(account), region: value(region), day: firstDay + day)
    let midnight = Int64(cell.day) * 86_400
    let (first, last) = (EventTime(seconds: midnight), EventTime(seconds: midnight + 86_000))
    manifest.cells[cell] = Manifest.CellSummary(
      recordCount: records, firstTime: first, lastTime: last)
    var entry = LedgerEntry(
      path: Path("mirror/AWSLogs/\(account)/\(region)/\(day).json.gz"), byteCount: 100,
      modified: 0, outcome: .read)
    (entry.account, entry.region) = (cell.account, cell.region)
    (entry.firstTime, entry.lastTime, entry.recordCount) = (first, last, records)
    add(entry, day: cell.day)
  }

  mutating func add(_ entry: LedgerEntry, day: Int32) {
    entries[day, default: [:]][entry.path] = entry
  }

  /// Writes the report of a run.
  func addRun(_ json: String, name: String = "2026-11-20T020003Z") throws {
    try FileTree.write(json, to: "_trailmerge/runs/\(name).json", in: folder.path)
  }

  func status() throws -> Status {
    let layout = DatasetLayout(Path(folder.path))
    try FileTree.write(manifest.json(), to: "_trailmerge/manifest.json", in: folder.path)
    for (day, entries) in entries {
      let name = DatasetLayout.ledgerName(day: day)
      try FileTree.write(Ledger.text(entries), to: "_trailmerge/ledger/\(name)", in: folder.path)
    }
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
