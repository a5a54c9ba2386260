import Bytes
import CloudTrail
import Dataset
import Testing

@Suite("The names of a dataset's files")
struct DatasetFileTests {
  private static let day = Day("2026-11-19") ?? .distantPast

  private static let files: [(DatasetFile, String)] = [
    (.manifest, "_trailmerge/manifest.json"),
    (.lock, "_trailmerge/lock"),
    (.journal, "_trailmerge/journal.ndjson"),
    (.partitions(Period(day)), "_trailmerge/partitions/2026-11-19.ndjson"),
    (.partitions(.all), "_trailmerge/partitions/all.ndjson"),
    (.conflicts(day), "_trailmerge/conflicts/2026-11-19.ndjson"),
    (.ofDelivery(.ledger, .day(day)), "_trailmerge/ledger/2026-11-19.ndjson"),
    (.ofDelivery(.ledger, .undated(10)), "_trailmerge/ledger/undated-0a.ndjson"),
    (.ofDelivery(.rejected, .day(day)), "_trailmerge/rejected/2026-11-19.ndjson"),
    (.ofDelivery(.digests, .day(day)), "_trailmerge/digests/2026-11-19.ndjson"),
    (.ofDelivery(.digests, .undated(255)), "_trailmerge/digests/undated-ff.ndjson"),
    (.publicKeys, "_trailmerge/public-keys.json"),
    (.seen(.day(day)), "_trailmerge/seen/2026-11-19.seen"),
    (.seen(.undated(0)), "_trailmerge/seen/undated-00.seen"),
    (.index(EventDay(family: .events, day: day)), "_trailmerge/index/events-2026-11-19.index"),
    (
      .identities(EventDay(family: .events, day: day)),
      "_trailmerge/identities/events-2026-11-19.column"
    ),
    (
      .report(RunReportName(begun: EventTime(seconds: 1_795_140_003))),
      "_trailmerge/runs/2026-11-20T020003Z.json"
    ),
    (
      .report(RunReportName(begun: EventTime(seconds: 1_795_140_003), number: 12)),
      "_trailmerge/runs/2026-11-20T020003Z-12.json"
    ),
    (
      .part(folder: "csv/dt=2026-11-19", PartName(number: 0, ending: "csv.gz")),
      "csv/dt=2026-11-19/part-00000.csv.gz"
    ),
    (
      .part(
        folder: "_trailmerge/store/dt=2026-11-19",
        PartName(number: 1_234_567, ending: "ndjson", isHidden: true)),
      "_trailmerge/store/dt=2026-11-19/_part-1234567.ndjson"
    ),
  ]

  @Test("are made and read back", arguments: files)
  func roundTrip(file: DatasetFile, path: String) {
    #expect(file.path.description == path)
    #expect(DatasetFile(path: Path(path)) == file)
  }

  @Test("of every family's index are read back")
  func families() {
    for family in Family.allCases {
      let file = DatasetFile.index(EventDay(family: family, day: Self.day))
      #expect(DatasetFile(path: file.path) == file, "\(family)")
    }
  }

  @Test(
    "are no others, however alike",
    arguments: [
      "", "manifest.json", "_trailmerge", "_trailmerge/manifest.json.tmp",
      "_trailmerge//manifest.json", "./_trailmerge/lock", "_trailmerge/Lock",
      "_trailmerge/ledger/2026-11-31.ndjson", "_trailmerge/ledger/2026-11-19.ndjson.bak",
      "_trailmerge/ledger/2026-11-19", "_trailmerge/ledger/2026-1-19.ndjson",
      "_trailmerge/ledger/.ndjson", "_trailmerge/ledger/part-00000.ndjson",
      "_trailmerge/ledger/a/2026-11-19.ndjson", "_trailmerge/validation/2026-11-19.ndjson",
      "_trailmerge/index/2026-11-19.index", "_trailmerge/index/other-2026-11-19.index",
      "_trailmerge/index/events-2026-11-19.ndjson", "_trailmerge/index/events-2026-11-19.index.1",
      "_trailmerge/runs/2026-11-20T02:00:03Z.json", "_trailmerge/runs/2026-11-20T020003Z-1.json",
      "_trailmerge/runs/2026-11-20T020003Z-02.json", "_trailmerge/runs/2026-11-20T020003Z-.json",
      "_trailmerge/runs/2026-11-20T250003Z.json", "_trailmerge/runs/2026-11-20T020003.5Z.json",
      "_trailmerge/runs/notes.json", "_trailmerge/runs/Z.json", "_trailmerge/runs/TZ.json",
      "csv/part-0.csv", "csv/part-000000.csv", "csv/part--0001.csv", "csv/part-+0001.csv",
      "csv/part-00000", "csv/part-00000.", "csv/part-.csv", "csv/xpart-00000.csv",
      "csv/part-0000é.csv",
      "csv/part-99999999999999999999.csv",
    ])
  func others(path: String) {
    #expect(DatasetFile(path: Path(path)) == nil)
  }

  @Test("that are not UTF-8 are none")
  func invalid() {
    #expect(DatasetFile(path: Path(bytes: Array("csv/part-00000.csv".utf8) + [0xFF])) == nil)
  }

  @Test("of reports are in the order of the runs")
  func order() {
    let names = [
      "2026-11-20T020003Z", "2026-11-20T020003Z-2", "2026-11-20T020003Z-10", "2026-11-20T020004Z",
    ]
    .compactMap { RunReportName($0 + ".json") }
    #expect(names.count == 4 && names == names.sorted())
  }
}
