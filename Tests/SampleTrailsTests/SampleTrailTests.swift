import Bytes
import Foundation
import SampleTrails
import TestSupport
import Testing

@Suite("Sample trees")
struct SampleTrailTests {
  private func options(events: Int = 900) -> SampleTrailOptions {
    var options = SampleTrailOptions()
    options.events = events
    options.digests = false
    return options
  }

  private func tree(_ options: SampleTrailOptions) throws -> ([TreeFile], SampleSummary) {
    let folder = try TemporaryFolder()
    let summary = try SampleTrail.write(options, to: folder.path)
    return (try FileTree.read(folder.path), summary)
  }

  private func text(_ files: [TreeFile]) throws -> String {
    try files.map { String(decoding: try gunzipped($0.bytes), as: UTF8.self) }.joined()
  }

  @Test("are the same for the same seed, and others for another")
  func determinism() throws {
    var options = options(events: 300)
    options.digests = true
    options.hostile = true
    options.conflicts = 2
    options.damagedFiles = 1
    let first = try tree(options).0
    #expect(FileTree.firstDifference(first, try tree(options).0) == nil)
    options.seed = 2
    #expect(FileTree.firstDifference(first, try tree(options).0) != nil)
  }

  @Test("hold exactly what the summary says")
  func summary() throws {
    var options = options()
    options.conflicts = 7
    options.damagedFiles = 3
    options.lateShare = 0.01
    let (files, summary) = try tree(options)
    let oracle = Oracle(files)
    #expect(summary.logFiles + summary.damagedFiles == files.count)
    #expect(summary.distinctEvents == options.events)
    #expect(summary.records == oracle.totals.recordsIn)
    #expect(summary.distinctEvents == oracle.totals.written)
    #expect(summary.duplicates == oracle.totals.duplicates)
    #expect(summary.conflicts == 7 && oracle.totals.conflicts == 7)
    #expect(oracle.totals.rejected == 0)
    #expect(summary.lateEvents == 9)
    #expect(oracle.files.filter { $0.outcome == .failed(.damagedGzip) }.count == 3)
    let whole = files.filter { oracle.outcome(of: $0.path) != .failed(.damagedGzip) }
    #expect(summary.storedBytes == whole.reduce(0) { $0 + $1.bytes.count })
    #expect(try summary.jsonBytes == text(whole).utf8.count)
  }

  @Test("deliver the wanted share of events twice, byte for byte")
  func duplicates() throws {
    let (files, summary) = try tree(options())
    let share = Double(summary.duplicates) / Double(summary.distinctEvents)
    #expect((0.13...0.16).contains(share))
    let copies = files.filter { $0.path.hasPrefix("AWSLogs/o-ab12cd34ef/") }
    #expect(Oracle(copies).totals.recordsIn == summary.duplicates)
    #expect(Oracle(files).totals.conflicts == 0)
  }

  @Test("have records and files of real sizes")
  func sizes() throws {
    let (files, summary) = try tree(options(events: 1_500))
    #expect((1_150...1_550).contains(summary.jsonBytes / summary.records))
    #expect((6.5...11).contains(Double(summary.jsonBytes) / Double(summary.storedBytes)))
    let counts = Oracle(files).files.compactMap { file in
      if case .read(let records, _) = file.outcome { records } else { nil }
    }.sorted()
    #expect((5...40).contains(counts[counts.count / 2]))
    #expect(try #require(counts.last) > 150)
  }

  @Test("deliver after the event, in folders by delivery day, some in the next day's")
  func delivery() throws {
    var options = options()
    options.lateShare = 0
    let (files, _) = try tree(options)
    let oracle = Oracle(files)
    let days = Set(files.map { $0.path.split(separator: "/").dropLast().suffix(3).joined() })
    #expect(days == ["20261101", "20261102", "20261103", "20261104"])
    let eventDays = Set(oracle.partitions.keys.map { $0.suffix(10) })
    #expect(eventDays == ["2026-11-01", "2026-11-02", "2026-11-03"])
  }

  @Test("are in time order in about half of the files")
  func order() throws {
    let (files, _) = try tree(options())
    let sorted = try files.filter { file in
      let times = try eventTimes(file)
      return times == times.sorted()
    }
    let long = try files.filter { try eventTimes($0).count > 3 }
    let sortedLong = sorted.filter { long.contains($0) }
    #expect((0.2...0.8).contains(Double(sortedLong.count) / Double(long.count)))
  }

  private func eventTimes(_ file: TreeFile) throws -> [String] {
    let json = try OracleJSON(try gunzipped(file.bytes))
    let records = json.elements(try #require(json.value(of: "Records", in: 0)))
    return records.compactMap { record in
      json.value(of: "eventTime", in: record).flatMap { json.string($0) }
        .map { String(decoding: $0, as: UTF8.self) }
    }
  }

  @Test(
    "show every shape of record that readers stumble over",
    arguments: [
      #""type":"Root""#, #""type":"IAMUser""#, #""type":"AssumedRole""#, #""type":"AWSService""#,
      #""type":"FederatedUser""#, #""type":"IdentityCenterUser""#, #""type":"AWSAccount""#,
      #""userIdentity":{"accountId":"#, #""accessKeyId":"""#, #""userAgent":"["#,
      #""eventSource":"kinesisanalytics.amazonaws.com""#, #""apiVersion":"2015-08-14""#,
      #""apiVersion":"2018-05-23""#, #""eventSource":"firehose.amazonaws.com""#,
      #""password":"""#, #""errorCode":"AccessDenied""#, #""sharedEventID":""#,
      #""addendum":{"reason":"DELIVERY_DELAY"}"#, #""policyDocument":"{\n"#, #"\u003d"#, "0.0",
      "E-5", "E9", #""tag":"#, #""Tag":"#, #""Tagging":"#, "r\u{E9}sum\u{E9}",
      #""eventName":"ConsoleLogin""#, #""eventType":"AwsServiceEvent""#,
    ])
  func variety(_ shape: String) throws {
    #expect(try Self.common.get().range(of: Data(shape.utf8)) != nil)
  }

  /// The JSON of one large tree, for all arguments of `variety`.
  private static let common = Result {
    var options = SampleTrailOptions()
    options.events = 2_500
    options.digests = false
    let folder = try TemporaryFolder()
    _ = try SampleTrail.write(options, to: folder.path)
    return try FileTree.read(folder.path).reduce(into: Data()) { text, file in
      text += try gunzipped(file.bytes)
    }
  }

  @Test("let callers attack only on request")
  func hostility() throws {
    var options = options()
    #expect(try !text(tree(options).0).contains("HYPERLINK"))
    options.hostile = true
    let text = try text(tree(options).0)
    #expect(text.contains(#"\u003dHYPERLINK"#) && text.contains(#"\u003cscript"#))
  }

  @Test("have an account whose id begins with 0")
  func leadingZero() throws {
    let oracle = Oracle(try tree(options(events: 200)).0)
    #expect(oracle.partitions.keys.contains { $0.hasPrefix("account=0") })
    #expect(Set(oracle.partitions.keys.map { $0.prefix(20) }).count == 3)
  }

  @Test("record an action across accounts on both sides")
  func sharedPairs() throws {
    let (files, _) = try tree(options())
    var accounts: [String: Set<String>] = [:]
    for file in files {
      let json = try OracleJSON(try gunzipped(file.bytes))
      for record in json.elements(try #require(json.value(of: "Records", in: 0))) {
        guard let id = json.value(of: "sharedEventID", in: record).flatMap({ json.string($0) }),
          let account = json.value(of: "recipientAccountId", in: record)
        else { continue }
        accounts[String(decoding: id, as: UTF8.self), default: []]
          .insert(String(decoding: json.text(account), as: UTF8.self))
      }
    }
    #expect(accounts.values.contains { $0.count == 2 })
  }

  @Test("refuse options that cannot be")
  func refusal() throws {
    let folder = try TemporaryFolder()
    let changes: [(inout SampleTrailOptions) -> Void] = [
      { $0.firstDay = "2026-02-30" }, { $0.accounts = 0 }, { $0.regions = 11 }, { $0.days = 0 },
      { $0.events = -1 }, { $0.duplicateShare = 1.5 }, { $0.conflicts = 6_000 },
    ]
    for change in changes {
      var options = SampleTrailOptions()
      change(&options)
      #expect(throws: SampleTrailError.self) { try SampleTrail.write(options, to: folder.path) }
    }
    #expect(try FileTree.read(folder.path).isEmpty)
  }

  @Test("come in equal tiny files, for timing")
  func presets() throws {
    let (tinyFiles, summary) = try tree(.tinyFiles(count: 64))
    #expect(tinyFiles.count >= 64 && tinyFiles.count < 100)
    #expect((6_500...9_500).contains(summary.jsonBytes / summary.distinctEvents * 6))
  }
}
