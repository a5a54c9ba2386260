import Bytes
import CloudTrail
import Dataset
import JobFiles
import JobRunner
import SampleTrails
import Status
import TestSupport
import Testing

@Suite("The evidence of what is carved out")
struct CarvedEvidenceTests {
  private let bench: Workbench
  private let files: [TreeFile]
  private let accounts: [String]
  private static let first = Day(daysSince1970: 20_758)
  private static let dayCount = 6

  init() throws {
    bench = try Workbench()
    var options = SampleTrailOptions()
    options.events = 220
    options.accounts = 2
    options.regions = 1
    options.days = Self.dayCount
    options.lateShare = 0.03
    options.eventsPerFile = 8
    files = try bench.takeSample(options)
    accounts = Set(files.compactMap { Self.account(TrailKey(Path($0.path)).account) }).sorted()
  }

  private static func account(_ value: PartitionValue?) -> String? {
    value.map { String(decoding: $0.encoded, as: UTF8.self) }
  }

  private func run(_ files: [TreeFile]) throws {
    for name in [bench.input, bench.dataset()] { try FileSystem.removeTree(Path(name)) }
    try bench.deliver(files)
    try bench.run { job in
      job.validate = true
      job.publicKeys = [bench.folder.appending("tree/public-keys.json")]
      job.signatures = bench.folder.appending("tree/signatures.json")
    }
  }

  /// Carves out some days of an account; gives the status of the part.
  private func carve(_ account: String?, _ days: Range<Day>?) throws -> Status {
    try FileSystem.removeTree(Path(bench.dataset("part")))
    _ = try bench.split(into: "part", .carving) { job in
      job.select.accounts = account.map { [$0] } ?? []
      job.select.from = days.map { CarvedEvidenceTests.bound($0.lowerBound) }
      job.select.to = days.map { CarvedEvidenceTests.bound($0.upperBound) }
    }
    return try Status(Path(bench.dataset("part")))
  }

  private static func bound(_ day: Day) -> TimeBound {
    TimeBound(text: day.description, secondsSince1970: day.secondsSince1970)
  }

  private static func day(_ number: Int) -> Day { first.advanced(by: number) }

  private static func isLog(_ file: TreeFile, of day: Day, _ account: String) -> Bool {
    let key = TrailKey(Path(file.path))
    return key.service?.family != nil && key.delivery == day
      && Self.account(key.account) == account
  }

  @Test("asks for no attention, and names an absent log")
  func quarter() throws {
    try run(files)
    let days = Self.day(1)..<Self.day(5)
    let part = try carve(accounts[1], days)
    #expect(part.digests.total.counts.verified > 10)
    #expect(!part.digests.total.counts.isInvalid && part.digests.total.counts.noDigest == 0)
    #expect(part.digests.digests.isEmpty && part.digests.logs.isEmpty)
    #expect(part.deliveries.failures.isEmpty)
    #expect(part.findings.holes.isEmpty && part.findings.silences.isEmpty)

    for number in [1, 4] {
      let absent = try #require(
        files.last { Self.isLog($0, of: Self.day(number), accounts[1]) })
      try run(files.filter { $0.path != absent.path })
      let named = try carve(accounts[1], days).digests
      #expect(named.logs.count == 1 && named.total.counts.missing == 1, "day \(number)")
      #expect(named.logs.first?.name.hasSuffix(absent.path) == true, "day \(number)")
      #expect(!(try carve(accounts[0], days).digests.total.counts.isInvalid))
    }
  }

  @Test(
    "has the verdicts of the whole for its days, whatever is absent or altered", arguments: seeds(3)
  )
  func verdicts(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var files = files
    let absentShare = ([30, 8, 3] as [UInt64])[Int(seed % 3)]
    files.removeAll { _ in random.oneIn(absentShare) }
    let logs = files.indices.filter {
      TrailKey(Path(files[$0].path)).service != nil
    }
    for _ in 0..<3 {
      // Another file's text, whole or cut off.
      let (place, other) = (random.pick(logs), random.pick(logs))
      let bytes = files[other].bytes
      files[place].bytes = random.oneIn(2) ? bytes : Array(bytes.prefix(bytes.count / 2))
    }
    try run(files)
    let whole = try Status(Path(bench.dataset())).digests.days
    for _ in 0..<2 {
      let account = random.oneIn(4) ? nil : random.pick(accounts)
      let first = random.within(0...Self.dayCount - 1)
      let days =
        account != nil && random.oneIn(4)
        ? nil : Self.day(first)..<Self.day(random.within(first + 1...Self.dayCount))
      let part = try carve(account, days)
      let places = Set(whole.keys).union(part.digests.days.keys)
      for place in places where days?.contains(place.day) ?? true {
        guard account == nil || account == Self.account(place.accountRegion.account) else {
          continue
        }
        let (of, expected) = (part.digests.days[place], whole[place])
        let comment: Comment = "\(account ?? "all") \(days.debugDescription) \(place)"
        #expect(of?.listed ?? 0 == expected?.listed ?? 0, comment)
        #expect(of?.verified ?? 0 == expected?.verified ?? 0, comment)
        #expect(of?.mismatch ?? 0 == expected?.mismatch ?? 0, comment)
        #expect(of?.missing ?? 0 == expected?.missing ?? 0, comment)
        #expect(of?.digestsMissing ?? 0 == expected?.digestsMissing ?? 0, comment)
        #expect(of?.digestsInvalid ?? 0 == expected?.digestsInvalid ?? 0, comment)
      }
    }
    try bench.merge(["part", "dataset"], into: "merged", isByJob: false)
    try bench.expectEqual("merged", "dataset")
  }
}
