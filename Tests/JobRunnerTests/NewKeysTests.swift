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

  /// What was written, and what was said of the lists.
  private struct Answer {
    var keys: [String]
    var counts: NewKeys.Counts
    var problems: [String]
  }

  private func ask(
    _ list: [String], _ options: NewKeys.Options = NewKeys.Options(),
    _ change: (inout Job) -> Void = { _ in }
  ) throws -> Answer {
    let list = list.joined(separator: "\n")
    let name = "list-\(UUID())"
    try FileTree.write(list, to: name, in: bench.folder.path)
    let scratch = TemporaryFiles(in: bench.folder.path)
    defer { scratch.remove() }
    var keys = try NewKeys(of: bench.job(change), options, scratch: scratch)
    try keys.read(Path(bench.folder.appending(name)), called: "the list")
    var text = ""
    try keys.finish { text += $0.text() }
    return Answer(
      keys: text.split(separator: "\n").map(String.init), counts: keys.counts,
      problems: keys.problems)
  }

  private static func log(
    _ name: String, account: String = "111122223333", day: String = "2026/11/19"
  ) -> String {
    let date = day.replacing("/", with: "")
    return "AWSLogs/\(account)/CloudTrail/eu-west-1/\(day)/"
      + "\(account)_CloudTrail_eu-west-1_\(date)T0000Z_\(name).json.gz"
  }

  private static func record(_ id: String, at time: String = "2026-11-19T00:00:00Z") -> String {
    #"{"Records":[{"eventTime":"\#(time)","eventID":"\#(id)","recipientAccountId":"1"}]}"#
  }

  private func deliver(_ files: [String: String]) throws {
    try bench.deliver(
      files.map { path, text in
        TreeFile(
          path: path,
          bytes: path.hasSuffix(".gz") ? try gzipped(Array(text.utf8)) : Array(text.utf8))
      })
  }

  @Test("are those that a run would read, each once and in order")
  func whatIsRead() throws {
    let log = Self.log("a")
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
    let answer = try ask(list)
    #expect(answer.keys == Set(list[..<9]).sorted(), "\(answer.keys)")
    #expect(answer.problems.isEmpty)
    #expect(answer.counts.listed == list.count - 1 && answer.counts.notSelected == 10)
    #expect(try ask(list) { $0.validate = true }.keys == (Set(list[..<9]) + [digest]).sorted())
    let insight = try ask(list) { $0.families = [.insight] }
    #expect(insight.keys.contains(list[17]) && !insight.keys.contains(log))
  }

  private static let digestStem =
    "_CloudTrail-Digest_eu-west-1_trail_eu-west-1_20261119T010203Z"

  @Test("follow what the job selects by path, and its shard")
  func selection() throws {
    let keys = [
      Self.log("a"), Self.log("b", account: "444455556666"), Self.log("c", day: "2026/11/20"),
    ]
    #expect(try ask(keys) { $0.select.accounts = ["4444*"] }.keys == [keys[1]])
    let day = try #require(Day("2026-11-20"))
    #expect(
      try ask(keys) { $0.select.deliveredFrom = DayBound(text: "", day: day) }.keys == [keys[2]])
    #expect(try ask(keys) { $0.select.regions = ["us-*"] }.keys == [])
    let parts = try (1...3).map { number in
      try ask(keys) { $0.shard = Shard("\(number)/3") }.keys
    }
    #expect(parts.flatMap { $0 }.sorted() == keys.sorted())
    #expect(parts.contains { $0.contains(keys[0]) && $0.contains(keys[2]) })
  }

  @Test(
    "leave out what the dataset has, and what was looked into; failed and changed files come again")
  func known() throws {
    let (a, b, cut) = (Self.log("a"), Self.log("b", day: "2026/11/20"), Self.log("c"))
    try deliver([
      a: Self.record("1"), b: Self.record("2"), cut: Self.record("3"),
      "loose/none.json": "{\"a\":1}", "loose/note.log": "hello", "loose/one.json": Self.record("4"),
    ])
    let path = bench.input + "/" + cut
    let bytes = try FileSystem.contents(of: Path(path))
    try Data(bytes.dropLast(5)).write(to: URL(filePath: path))
    let files = try FileTree.read(bench.input).map(\.path)
    #expect(try ask(files).keys == files.sorted())
    _ = try bench.run()
    #expect(try ask(files).keys == [cut])
    var options = NewKeys.Options()
    options.choice = .known
    #expect(try ask(files, options).keys == files.filter { $0 != cut }.sorted())
    options.choice = .all
    #expect(try ask(files, options).keys == files.sorted())
    // By size, where it is given; of several sizes one that is another is enough.
    let size = try FileSystem.status(Path(bench.input + "/" + a)).byteCount
    #expect(try ask(["\(a);\(size)", "\(b);1"]).keys == [b])
    #expect(try ask(["\(a);\(size)", "\(a);\(size + 1)", a]).keys == [a])
    // Without what the last run saw, the ledger tells the same.
    try FileSystem.removeTree(Path(bench.dataset() + "/_trailmerge/seen"))
    #expect(try ask(files).keys == [cut])
    #expect(try ask(["new.json"] + files).keys == [cut, "new.json"].sorted())
    // The hash of its text was not kept.
    #expect(try ask(files) { $0.validate = true }.keys.contains(a))
  }

  @Test("come again once a relative end has passed what it left out")
  func postponed() throws {
    let (a, b) = (Self.log("a"), Self.log("b"))
    try deliver([a: Self.record("1"), b: Self.record("2", at: "2026-11-20T00:00:00Z")])
    func to(_ day: String) -> (inout Job) -> Void {
      { job in
        let end = Day(day)?.secondsSince1970 ?? 0
        job.select.to = TimeBound(text: "today", secondsSince1970: end)
      }
    }
    _ = try bench.run(into: "dataset", to("2026-11-20"))
    #expect(try ask([a, b], NewKeys.Options(), to("2026-11-20")).keys == [])
    #expect(try ask([a, b], NewKeys.Options(), to("2026-11-21")).keys == [b])
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
    #expect(try ask(files, NewKeys.Options(), validate).keys == files.sorted())
    // A digest that is no digest by its content is tried again.
    try Data("{}".utf8).write(to: URL(filePath: bench.input + "/" + digests[0]))
    _ = try bench.run(into: "dataset", validate)
    let second = try ask(files, NewKeys.Options(), validate).keys
    #expect(second == [digests[0]])
  }

  @Test("are compared by bucket and without the prefix of the input's url")
  func addresses() throws {
    func url(_ url: String) -> (inout Job) -> Void {
      { job in job.inputs[0].url = url }
    }
    func message(_ bucket: String, _ key: String) -> String {
      #"{"s3Bucket":"\#(bucket)","s3ObjectKey":["\#(key)"]}"#
    }
    let list = [
      message("t", "p/q/a.json"), message("t", "p/q/b//c.json"), message("t", "p/qq/no.json"),
      message("other", "p/q/no.json"), "p/q/d.json", "q/no.json",
    ]
    for address in ["s3://t/p/q", "s3://t/p/q/"] {
      let answer = try ask(list, NewKeys.Options(), url(address))
      #expect(answer.keys == ["a.json", "b//c.json", "d.json"], "\(answer.keys)")
      #expect(answer.counts.elsewhere == 3 && answer.problems.isEmpty)
    }
    var below = NewKeys.Options()
    below.base = BucketAddress("s3://t/p/q")
    #expect(
      try ask(["a.json", "s3://t/p/q/b.json"], below, url("s3://t/p/q")).keys == [
        "a.json", "b.json",
      ])
    #expect(try ask(["q/a.json", "r/b.json"], below, url("s3://t/p/q/q")).keys == ["a.json"])
    // An empty folder is a folder of the bucket.
    let folders = [message("t", "p/q//a.json"), message("t", "p//q/b.json"), "p/q/c.json"]
    let refused = try ask(folders, NewKeys.Options(), url("s3://t/p/q"))
    #expect(refused.keys == ["c.json"])
    #expect(
      refused.problems == [
        "the list line 1 is refused: the key p/q//a.json is of no input: it needs url: s3://t/p/q//",
        "the list line 2 is refused: the key p//q/b.json is of no input: it needs url: s3://t/p//q/",
      ])
    let empty = try ask(folders, NewKeys.Options(), url("s3://t/p/q//"))
    #expect(empty.keys == ["a.json"] && empty.problems.count == 2)
    below.base = BucketAddress("s3://t/p/q//")
    #expect(try ask(["a.json"], below, url("s3://t/p/q//")).keys == ["a.json"])
    // What no file system can have.
    let long = String(repeating: "x", count: 251) + ".json"
    let names = try ask(["\(long)", "\(long.dropFirst())"], NewKeys.Options(), url("s3://t"))
    #expect(names.keys == ["\(long.dropFirst())"])
    #expect(names.problems[0].hasSuffix(" has a name of more than 255 bytes"))
    // Nothing of the job's at all is hardly what was meant.
    let wrong = try ask([message("other", "a.json")], NewKeys.Options(), url("s3://t/p"))
    #expect(wrong.keys.isEmpty)
    #expect(
      wrong.problems
        == ["no key is of input input (s3://t/p): the first one is s3://other/a.json"])
  }

  @Test("of several inputs begin with the name of their input, unless one is asked for")
  func severalInputs() throws {
    try FileTree.write(Self.record("1"), to: "one/a.json", in: bench.folder.path)
    func inputs(_ urls: [String?]) -> (inout Job) -> Void {
      { job in
        job.inputs = zip(["one", "two"], urls).map { name, url in
          Job.Input(written: name, path: bench.folder.appending(name), url: url)
        }
      }
    }
    _ = try bench.run(into: "dataset") { job in
      job.inputs = [Job.Input(written: "one", path: bench.folder.appending("one"))]
    }
    let plain = ["one/a.json", "one/b.json", "two/a.json", "three/a.json"]
    let answer = try ask(plain, NewKeys.Options(), inputs([nil, nil]))
    #expect(answer.keys == ["one/b.json", "two/a.json"] && answer.counts.elsewhere == 1)
    var first = NewKeys.Options()
    first.input = "one"
    #expect(try ask(["a.json", "b.json"], first, inputs([nil, nil])).keys == ["b.json"])
    let urls = ["s3://t/a.json", "s3://t/b.json", "s3://u/x/a.json", "s3://u/y/a.json"]
    let both = inputs(["s3://t", "s3://u/x"])
    #expect(try ask(urls, NewKeys.Options(), both).keys == ["one/b.json", "two/a.json"])
    #expect(try ask(urls, first, both).keys == ["b.json"])
    // Without a bucket it could be of either.
    #expect(throws: RunError.self) { try ask(["x/a.json"], NewKeys.Options(), both) }
    #expect(try ask(["x/a.json"], first, both).keys == ["x/a.json"])
    first.input = "three"
    #expect(throws: RunError.self) { try ask([], first, both) }
  }

  @Test("never have what could lead out of the mirror, or command a terminal")
  func hostile() throws {
    let list = [
      "../a.json", "a/../../b.json", "a/./b.json", "/a.json", "a\\..\\b.json", "a\u{1B}[31m.json",
      "a\u{7F}.json", "a\u{85}.json", "a\tb.json", "a\0b.json", "..", "good.json", "a..b/c.json",
    ]
    let answer = try ask(list)
    #expect(answer.keys == ["a..b/c.json", "good.json"])
    #expect(answer.counts.problems == 11 && answer.problems.count == 11)
    #expect(
      answer.problems[5]
        == #"the list line 6 is refused: the key a\x1b[31m.json has control characters"#)
    #expect(answer.problems.allSatisfy { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } })
    // In documents, and in the encoding of URLs.
    let hidden = [
      #"{"s3Bucket":"t","s3ObjectKey":["a\u001b.json","..\/b.json","c.json"]}"#,
      #""t","a%0Ab.json","1""#, #""t","%2e%2e/b.json","1""#, #""t","%ff.json","1""#,
    ]
    let second = try ask(hidden)
    #expect(second.keys == ["c.json"] && second.counts.problems == 5)
    // Many are counted, and the first ones named.
    let many = try ask(Array(repeating: "../x.json", count: 1000))
    #expect(many.counts.problems == 1000 && many.problems.count == 20)
  }

  @Test("are told from what a run has just committed, never from a part of it")
  func whileARunCommits() throws {
    let days = ["2026/11/18", "2026/11/19", "2026/11/20"]
    let keys = (0..<12).map { Self.log("f\($0)", day: days[$0 % 3]) }
    try deliver([keys[0]: Self.record("0")])
    _ = try bench.run()
    let rest = Mutex(Array(keys.dropFirst()))
    let failure = Mutex<String?>(nil)
    let runner = Thread {
      do {
        while let key = rest.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
          try deliver([key: Self.record(key)])
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
      let answer = try ask(keys)
      #expect(answer.counts.new <= last && answer.counts.new + answer.counts.known == keys.count)
      last = answer.counts.new
    }
    #expect(failure.withLock { $0 } == nil)
    #expect(try ask(keys).keys == [])
  }

  @Test("need a ledger that is whole, of the days that are asked for")
  func damagedLedger() throws {
    let keys = [Self.log("a"), Self.log("b", day: "2026/11/20")]
    try deliver([keys[0]: Self.record("1"), keys[1]: Self.record("2")])
    _ = try bench.run()
    let ledger = bench.dataset() + "/_trailmerge/ledger/2026-11-19.ndjson"
    let bytes = try FileSystem.contents(of: Path(ledger))
    try Data(bytes.map { $0 == UInt8(ascii: "a") ? UInt8(ascii: "b") : $0 })
      .write(to: URL(filePath: ledger))
    let error = #expect(throws: DatasetError.self) { try ask(keys) }
    #expect(error?.description.contains("ledger/2026-11-19.ndjson") == true)
    #expect(ExitStatus(try #require(error)) == .integrity)
    #expect(try ask([keys[1]]).keys == [])
    try FileSystem.removeFile(Path(ledger))
    #expect(throws: DatasetError.self) { try ask(keys) }
  }

  @Test("are the same in little memory, of lists that do not fit it")
  func littleMemory() throws {
    let keys = (0..<5_000).map { Self.log("\($0)", day: "2026/11/\(10 + $0 % 20)") }
    let answer = try ask(keys.reversed() + keys)
    #expect(answer.keys == keys.sorted())
    #expect(answer.counts.listed == 10_000)
  }
}

extension Set<String> {
  fileprivate static func + (left: Set, right: [String]) -> Set { left.union(right) }
}
