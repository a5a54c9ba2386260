import Bytes
import CloudTrail
import Dataset
import Foundation
import JobFiles
import JobRunner
import Reading
import SampleTrails
import Synchronization
import TestSupport
import Testing

/// Which keys of a list a job would read and its dataset does not have.
@Suite("New keys")
struct NewKeysTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  @Test("are those that a run would read, each once and in order")
  func whatIsRead() throws {
    let log = Workbench.log("a")
    let digest = log.replacing("/CloudTrail/", with: "/CloudTrail-Digest/")
      .replacing("_CloudTrail_eu-west-1_20261119T0000Z_a", with: Self.digestStem)
    let list = [
      log, "b/any.json", "b/any.ndjson.gz", "b/any.jsonl", "b/any.log", "b/any.log.gz", log,
      "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/19/note",
      "x/" + (log.split(separator: "/").last ?? ""),
      // Not read, or only by its content.
      "b/any.gz", "b/any.csv", "b/.hidden.json", ".b/hidden.json", "b/_trailmerge/manifest.json",
      "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/19/_trailmerge",
      log + ".partial", log.replacing("CloudTrail", with: "Config"),
      log.replacing("CloudTrail", with: "CloudTrail-Insight"), digest, "AWSLogs/folder/",
    ]
    let answer = try bench.ask(list)
    #expect(answer.keys == Set(list[..<9]).sorted(), "\(answer.keys)")
    #expect(answer.problems.isEmpty)
    #expect(answer.counts.listed == list.count - 1 && answer.counts.notSelected == 10)
    #expect(
      try bench.ask(list) { $0.validate = true }.keys == (Set(list[..<9]) + [digest]).sorted())
    let insight = try bench.ask(list) { $0.families = [.insight] }
    #expect(insight.keys.contains(list[17]) && !insight.keys.contains(log))
  }

  private static let digestStem =
    "_CloudTrail-Digest_eu-west-1_trail_eu-west-1_20261119T010203Z"

  @Test("follow what the job selects by path, and its shard")
  func selection() throws {
    let keys = [
      Workbench.log("a"), Workbench.log("b", account: "444455556666"),
      Workbench.log("c", day: "2026/11/20"),
    ]
    #expect(try bench.ask(keys) { $0.select.accounts = ["4444*"] }.keys == [keys[1]])
    let day = try #require(Day("2026-11-20"))
    #expect(
      try bench.ask(keys) { $0.select.deliveredFrom = DayBound(text: "", day: day) }.keys == [
        keys[2]
      ])
    #expect(try bench.ask(keys) { $0.select.regions = ["us-*"] }.keys == [])
    let parts = try (1...3).map { number in
      try bench.ask(keys) { $0.shard = Shard("\(number)/3") }.keys
    }
    #expect(parts.flatMap { $0 }.sorted() == keys.sorted())
    #expect(parts.contains { $0.contains(keys[0]) && $0.contains(keys[2]) })
  }

  @Test(
    "leave out what the dataset has, and what was looked into; failed and changed files come again")
  func known() throws {
    let (a, b, cut) = (
      Workbench.log("a"), Workbench.log("b", day: "2026/11/20"), Workbench.log("c")
    )
    try bench.deliver([
      a: Workbench.record("1"), b: Workbench.record("2"), cut: Workbench.record("3"),
      "loose/none.json": "{\"a\":1}", "loose/note.log": "hello",
      "loose/one.json": Workbench.record("4"),
    ])
    let path = bench.input + "/" + cut
    let bytes = try FileSystem.contents(of: Path(path))
    try Data(bytes.dropLast(5)).write(to: URL(filePath: path))
    let files = try FileTree.read(bench.input).map(\.path)
    #expect(try bench.ask(files).keys == files.sorted())
    _ = try bench.run()
    #expect(try bench.ask(files).keys == [cut])
    var options = NewKeys.Options()
    options.choice = .known
    #expect(try bench.ask(files, options).keys == files.filter { $0 != cut }.sorted())
    options.choice = .all
    #expect(try bench.ask(files, options).keys == files.sorted())
    // By size, where it is given; of several sizes one that is another is enough.
    let size = try FileSystem.status(Path(bench.input + "/" + a)).byteCount
    #expect(try bench.ask(["\(a);\(size)", "\(b);1"]).keys == [b])
    #expect(try bench.ask(["\(a);\(size)", "\(a);\(size + 1)", a]).keys == [a])
    // Without what the last run saw, the ledger tells the same.
    try FileSystem.removeTree(Path(bench.dataset() + "/_trailmerge/seen"))
    #expect(try bench.ask(files).keys == [cut])
    #expect(try bench.ask(["new.json"] + files).keys == [cut, "new.json"].sorted())
    // The hash of its text was not kept.
    #expect(try bench.ask(files) { $0.validate = true }.keys.contains(a))
  }

  @Test("come again once a relative end has passed what it left out")
  func postponed() throws {
    let (a, b) = (Workbench.log("a"), Workbench.log("b"))
    try bench.deliver([
      a: Workbench.record("1"), b: Workbench.record("2", at: "2026-11-20T00:00:00Z"),
    ])
    func to(_ day: String) -> (inout Job) -> Void {
      { job in
        let end = Day(day)?.secondsSince1970 ?? 0
        job.select.to = TimeBound(text: "today", secondsSince1970: end)
      }
    }
    _ = try bench.run(into: "dataset", to("2026-11-20"))
    #expect(try bench.ask([a, b], NewKeys.Options(), to("2026-11-20")).keys == [])
    #expect(try bench.ask([a, b], NewKeys.Options(), to("2026-11-21")).keys == [b])
  }

  @Test("pass digests of a job that validates, each once")
  func digests() throws {
    var options = SampleTrailOptions()
    (options.events, options.accounts, options.regions, options.days) = (50, 1, 1, 1)
    _ = try SampleTrail.write(options, to: bench.input)
    let files = try FileTree.read(bench.input).map(\.path).filter { $0.contains("AWSLogs") }
    let digests = files.filter { $0.contains("/CloudTrail-Digest/") }
    #expect(!digests.isEmpty)
    func validate(_ job: inout Job) { job.validate = true }
    #expect(try bench.ask(files, NewKeys.Options(), validate).keys == files.sorted())
    // A digest that is no digest by its content is tried again.
    try Data("{}".utf8).write(to: URL(filePath: bench.input + "/" + digests[0]))
    _ = try bench.run(into: "dataset", validate)
    let second = try bench.ask(files, NewKeys.Options(), validate).keys
    #expect(second == [digests[0]])
  }

  @Test("are told from what a run has just committed, never from a part of it")
  func whileARunCommits() throws {
    let days = ["2026/11/18", "2026/11/19", "2026/11/20"]
    let keys = (0..<12).map { Workbench.log("f\($0)", day: days[$0 % 3]) }
    try bench.deliver([keys[0]: Workbench.record("0")])
    _ = try bench.run()
    let rest = Mutex(Array(keys.dropFirst()))
    let failure = Mutex<String?>(nil)
    let runner = Thread {
      do {
        while let key = rest.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
          try bench.deliver([key: Workbench.record(key)])
          _ = try bench.run()
        }
      } catch {
        failure.withLock { $0 = "\(error)" }
        rest.withLock { $0 = [] }
      }
    }
    runner.start()
    var last = keys.count
    while !runner.isFinished {
      let answer = try bench.ask(keys)
      #expect(answer.counts.new <= last && answer.counts.new + answer.counts.known == keys.count)
      last = answer.counts.new
    }
    #expect(failure.withLock { $0 } == nil)
    #expect(try bench.ask(keys).keys == [])
  }

  @Test("need a ledger that is whole, of the days that are asked for")
  func damagedLedger() throws {
    let keys = [Workbench.log("a"), Workbench.log("b", day: "2026/11/20")]
    try bench.deliver([keys[0]: Workbench.record("1"), keys[1]: Workbench.record("2")])
    _ = try bench.run()
    let ledger = bench.dataset() + "/_trailmerge/ledger/2026-11-19.ndjson"
    let bytes = try FileSystem.contents(of: Path(ledger))
    try Data(bytes.map { $0 == UInt8(ascii: "a") ? UInt8(ascii: "b") : $0 })
      .write(to: URL(filePath: ledger))
    let error = #expect(throws: DatasetError.self) { try bench.ask(keys) }
    #expect(error?.description.contains("ledger/2026-11-19.ndjson") == true)
    #expect(ExitStatus(try #require(error)) == .integrity)
    #expect(try bench.ask([keys[1]]).keys == [])
    try FileSystem.removeFile(Path(ledger))
    #expect(throws: DatasetError.self) { try bench.ask(keys) }
  }

  @Test("are the same in little memory, of lists that do not fit it")
  func littleMemory() throws {
    let keys = (0..<5_000).map { Workbench.log("\($0)", day: "2026/11/\(10 + $0 % 20)") }
    let answer = try bench.ask(keys.reversed() + keys)
    #expect(answer.keys == keys.sorted())
    #expect(answer.counts.listed == 10_000)
  }
}

extension Set<String> {
  fileprivate static func + (left: Set, right: [String]) -> Set { left.union(right) }
}
