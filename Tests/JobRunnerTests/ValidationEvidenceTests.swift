import Bytes
import CloudTrail
import Dataset
import Foundation
import JobFiles
import JobRunner
import SampleTrails
import Status
import TestSupport
import Testing
import Verification

@Suite("The evidence of a validation")
struct ValidationEvidenceTests {
  private let bench: Workbench
  /// Of a tree with digests: its files, by path in byte order.
  private let files: [TreeFile]

  init() throws {
    bench = try Workbench()
    files = try Self.tree(bench.folder.appending("tree"))
  }

  private static func tree(_ folder: String, seed: UInt64 = 1) throws -> [TreeFile] {
    var options = SampleTrailOptions()
    options.seed = seed
    options.events = 300
    options.accounts = 2
    options.regions = 1
    options.days = 1
    options.lateShare = 0.05
    options.eventsPerFile = 12
    _ = try SampleTrail.write(options, to: folder)
    return try FileTree.read(folder)
  }

  private static func isDigest(_ file: TreeFile) -> Bool { file.path.contains("CloudTrail-Digest") }

  @discardableResult
  private func run(
    into name: String = "dataset", _ change: (inout Job) -> Void = { _ in }
  ) throws -> RunReport {
    try bench.run(into: name) { job in
      job.validate = true
      job.publicKeys = [bench.folder.appending("tree/public-keys.json")]
      job.signatures = bench.folder.appending("tree/signatures.json")
      change(&job)
    }
  }

  private func logs(_ name: String = "dataset") throws -> [ValidatedLog] {
    let dataset = try StoredDataset(DatasetLayout(Path(bench.dataset(name))))
    let files = dataset.validatedLogs
    return try files.slots.flatMap { try files.findings($0) }
  }

  private func digests(_ name: String = "dataset") throws -> [ValidatedDigest] {
    let dataset = try StoredDataset(DatasetLayout(Path(bench.dataset(name))))
    let files = dataset.validatedDigests
    return try files.slots.flatMap { try files.findings($0) }
  }

  private func remove(_ path: String) throws {
    try FileSystem.removeFile(Path(bench.input).appending(path))
  }

  /// A log file of the first account's own trail.
  private func log() throws -> TreeFile {
    try #require(files.first { $0.path.contains("/CloudTrail/") && !$0.path.contains("/o-") })
  }

  @Test("leads from the path that a row names to the signed object and its digest")
  func joins() throws {
    try bench.deliver(files)
    try run()
    let findings = Dictionary(uniqueKeysWithValues: try logs().map { ($0.path, $0) })
    let ledger = try Ledger(StoredDataset(DatasetLayout(Path(bench.dataset()))))
    let read = try ledger.slots.flatMap { try ledger.entries($0).values }
      .filter { $0.outcome == .read }
    #expect(Set(read.map(\.path)) == Set(findings.keys.compactMap { $0 }))
    let digests = Dictionary(grouping: try digests(), by: \.object)
    for finding in findings.values {
      #expect(finding.verdict == .verified)
      #expect(digests[finding.digest]?.map(\.verdict) == [.valid])
    }
  }

  @Test("is the same whether files came at once or night by night", arguments: seeds(4))
  func law(_ seed: UInt64) throws {
    let bench = try Workbench()
    var random = SeededGenerator(seed: seed)
    var tree = try Self.tree(bench.folder.appending("tree"), seed: seed)
    // Some are altered, some never come, one has no digest, and a stranger is among them.
    tree.removeAll { _ in random.oneIn(12) }
    for index in tree.indices where random.oneIn(12) && tree[index].path.hasSuffix(".gz") {
      tree[index].bytes = try gzipped(Array(#"{"Records":[]}"#.utf8))
    }
    let stranger = try #require(tree.first { $0.path.contains("/CloudTrail/") })
    tree.append(TreeFile(path: stranger.path + ".copy.json.gz", bytes: stranger.bytes))
    let digestsComeLater = random.oneIn(2)
    let nights = Dictionary(grouping: tree) { file in
      random.within(1...3) + (digestsComeLater && Self.isDigest(file) ? 1 : 0)
    }
    func validate(_ job: inout Job) {
      job.validate = true
      job.publicKeys = [bench.folder.appending("tree/public-keys.json")]
    }
    for night in 1...4 {
      try bench.deliver(nights[night] ?? [])
      try bench.run(into: "grown") { job in
        validate(&job)
        job.threads = random.within(1...3)
      }
    }
    try bench.run(into: "at-once") { validate(&$0) }
    try bench.expectEqual("grown", "at-once", "later: \(digestsComeLater)")
    #expect(
      FileSystem.exists(
        DatasetLayout(Path(bench.dataset("grown"))).root.appending(
          DatasetFile.DeliveryKind.validatedLogs.folder)))
    try bench.run(into: "grown") { job in
      validate(&job)
      job.rebuild = true
    }
    try bench.expectEqual("grown", "at-once", "rebuilt")
  }

  @Test("is not written again when nothing has changed: an idle run leaves only its report")
  func idle() throws {
    try bench.deliver(files)
    try run()
    let before = try FileTree.listing(of: bench.dataset()).split(separator: "\n")
    let report = try run()
    #expect(!report.isCommitted)
    let added = try FileTree.listing(of: bench.dataset()).split(separator: "\n")
      .filter { !before.contains($0) }
    #expect(added.count == 1)
    #expect(added.allSatisfy { $0.contains("_trailmerge/runs/") })
  }

  @Test("comes about without new log files, when their digests arrive a night later")
  func digestsLater() throws {
    try bench.deliver(files.filter { !Self.isDigest($0) })
    try run()
    #expect(Set(try logs().map(\.verdict)) == [.noDigest])
    #expect(Set(try logs().map(\.coverage)) == [.uncovered])
    try bench.deliver(files.filter(Self.isDigest))
    let report = try run()
    #expect(report.counts.files.read == 0 && report.isCommitted && report.ending == .complete)
    #expect(Set(try logs().map(\.verdict)) == [.verified])
  }

  @Test("shows a listed file that is absent, and of the file once it is there")
  func missing() throws {
    try bench.deliver(files)
    let log = try log()
    try remove(log.path)
    try run()
    let absent = try #require(try logs().first { $0.verdict == .missing })
    #expect(absent.path == nil)
    #expect(absent.object?.span.text().hasSuffix(log.path) == true)
    #expect(absent.digest != nil)
    try bench.deliver([log])
    try run()
    #expect(try logs().first { $0.verdict == .missing } == nil)
    #expect(try logs().count { $0.path?.description == Workbench.source(log.path) } == 1)
  }

  @Test("keeps what was found when files leave the inputs: the records were taken from them")
  func pruned() throws {
    try bench.deliver(files)
    try run()
    let (logs, digests) = (try logs(), try digests())
    // A single log, whose digest still lists it; then a whole account with its digests.
    try remove(try log().path)
    let report = try run()
    #expect(report.ending == .integrity, "the run still says that the mirror lacks it")
    let name = try #require(try log().path.split(separator: "/").last)
    #expect(report.notes.count == 1)
    #expect(report.notes.first?.contains("\(name): not in the inputs any more") == true)
    #expect(try self.logs() == logs)
    let account = try log().path.split(separator: "/")[1]
    for file in files where file.path.contains(account) {
      try? FileSystem.removeFile(Path(bench.input).appending(file.path))
    }
    try run()
    #expect(try self.logs() == logs)
    #expect(try self.digests() == digests)
  }

  @Test("keeps what digests said that have left, unless the file has changed since")
  func prunedDigests() throws {
    try bench.deliver(files)
    try run()
    let before = try logs()
    for file in files where Self.isDigest(file) { try remove(file.path) }
    try run()
    #expect(try logs() == before)
    try bench.deliver([
      TreeFile(path: try log().path, bytes: try gzipped(Array(#"{"Records":[]}"#.utf8)))
    ])
    try run()
    let path = Path(Workbench.source(try log().path))
    #expect(try logs().filter { $0.path == path }.map(\.verdict) == [.noDigest])
    #expect(try logs().filter { $0.path != path } == before.filter { $0.path != path })
  }

  @Test("counts the digests that are missing, named by another or not, until they are there")
  func missingDigests() throws {
    try bench.deliver(files)
    let chain = files.filter { Self.isDigest($0) && $0.path.contains("_main_") }
      .filter { $0.path.contains(chainAccount) && !$0.path.contains("backfill") }
    let gone = Array(chain[5..<9])
    for file in gone { try remove(file.path) }
    try run()
    #expect(try digests().filter { $0.verdict == .missing }.reduce(0) { $0 + $1.count } == 4)
    try bench.deliver(gone)
    try run()
    #expect(try digests().allSatisfy { $0.verdict == .valid })
  }

  private var chainAccount: String {
    files.first(where: Self.isDigest).map { String($0.path.split(separator: "/")[1]) } ?? ""
  }

  @Test("is about what the job selects, and not about other families, accounts or days")
  func selection() throws {
    try bench.deliver(files)
    let account = try log().path.split(separator: "/")[1]
    for (number, file) in files.filter(Self.isDigest).enumerated()
    where !file.path.contains(account) && (3...6).contains(number % 20) {
      try remove(file.path)
    }
    try run { $0.select.accounts = [String(account)] }
    #expect(!(try logs().isEmpty))
    #expect(try logs().allSatisfy { $0.account?.decoded.span.text() == String(account) })
    #expect(try digests().allSatisfy { $0.account?.decoded.span.text() == String(account) })
  }

  @Test("names files as the ledger does when a job has several inputs")
  func severalInputs() throws {
    try bench.deliver(files)
    let other = bench.folder.appending("other")
    try FileTree.write(try files.filter { $0.path == (try log().path) }, in: other)
    try run { $0.inputs.append(Job.Input(written: "other", path: other, name: "more")) }
    let ledger = try Ledger(StoredDataset(DatasetLayout(Path(bench.dataset()))))
    let read = try ledger.slots.flatMap { try ledger.entries($0).keys }
      .filter { $0.description.contains("/CloudTrail/") }
    #expect(Set(read) == Set(try logs().compactMap(\.path)))
    #expect(read.count { $0.description.hasPrefix("more/") } == 1)
  }

  @Test("stays in its place and harmless whatever a digest names")
  func hostile() throws {
    let folder = "AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2026/11/18"
    let name = "111122223333_CloudTrail-Digest_us-east-2_main_us-east-2_20261118T010101Z.json"
    let keys = [
      "../../../../etc/passwd", #"AWSLogs/\u001b[2J\u0007/x.json.gz"#, "", "/",
      "AWSLogs/111122223333/CloudTrail/us-east-2/9999/12/31/x.json.gz",
      "AWSLogs/111122223333/CloudTrail/..%2f..%2f/2026/11/18/x.json.gz",
    ]
    let hash = String(repeating: "0", count: 64)
    let logs = keys.map { key in
      """
      {"s3Bucket":"b","s3Object":"\(key)","hashAlgorithm":"SHA-256","hashValue":"\(hash)"}
      """
    }
    let text = """
      {"digestStartTime":"2026-11-18T00:01:01Z","digestEndTime":"2026-11-18T01:01:01Z",
      "digestS3Bucket":"b","digestS3Object":"\(folder)/\(name)","digestPublicKeyFingerprint":"00",
      "digestSignatureAlgorithm":"SHA256withRSA","previousDigestS3Object":null,
      "logFiles":[\(logs.joined(separator: ","))]}
      """
    try bench.deliver([TreeFile(path: folder + "/" + name, bytes: Array(text.utf8))])
    #expect(try bench.run { $0.validate = true }.ending == .integrity)
    let written = try FileTree.read(bench.dataset() + "/_trailmerge/validation")
    #expect(written.map(\.path) == ["digests/2026-11-18.ndjson", "logs/2026-11-18.ndjson"])
    #expect(written.allSatisfy { !$0.bytes.contains(0x1B) && !$0.bytes.contains(0x07) })
    let findings = try self.logs()
    #expect(findings.count == keys.count && findings.allSatisfy { $0.verdict == .missing })
    #expect(try verify(Path(bench.dataset())).problems.isEmpty)
  }

  @Test(
    "stops the run that reads it when it is damaged, and is made again by a rebuild",
    arguments: ["logs", "digests"])
  func damaged(_ kind: String) throws {
    try bench.deliver(files)
    try run()
    let sound = try FileTree.listing(of: bench.dataset() + "/_trailmerge/validation")
    let name = try #require(
      try FileTree.read(bench.dataset() + "/_trailmerge/validation/\(kind)").first?.path)
    let file = "_trailmerge/validation/\(kind)/\(name)"
    let bytes = try FileSystem.contents(of: Path(bench.dataset()).appending(file))
    for damage in [Array(bytes.dropLast(7)), bytes + bytes, [0, 0x0A]] {
      try FileTree.write(damage, to: file, in: bench.dataset())
      let verification = try verify(Path(bench.dataset()))
      #expect(verification.problems.map(\.path.description) == [file])
      #expect(verification.problems.map(\.remedy) == [.repair])
      #expect {
        try run()
      } throws: { error in
        ExitStatus(error) == .integrity && "\(error)".contains(file)
      }
      #expect(try run { $0.rebuild = true }.ending == .complete)
      #expect(try FileTree.listing(of: bench.dataset() + "/_trailmerge/validation") == sound)
    }
    #expect(try verify(Path(bench.dataset())).problems.isEmpty)
  }

  @Test("is not what somebody has put beside it", arguments: ["validation/logs", "ledger"])
  func strays(_ folder: String) throws {
    try bench.deliver(files)
    try run()
    let before = try Status(Path(bench.dataset()))
    let names = try FileTree.read(bench.dataset() + "/_trailmerge/\(folder)").map(\.path)
    let name = try #require(names.first)
    let copy = "_trailmerge/\(folder)/\(name).copy"
    let bytes = try FileSystem.contents(
      of: Path(bench.dataset()).appending("_trailmerge/\(folder)/\(name)"))
    try FileTree.write(bytes, to: copy, in: bench.dataset())
    let status = try Status(Path(bench.dataset()))
    #expect(status.digests.total == before.digests.total && status.digests.damages.isEmpty)
    #expect(status.deliveries.fileCount == before.deliveries.fileCount)
    #expect(try verify(Path(bench.dataset())).problems.map(\.path.description) == [copy])
    try run { $0.rebuild = true }
    #expect(FileSystem.exists(Path(bench.dataset()).appending(copy)), "it is not ours to remove")
  }

  @Test("is named when it cannot be read, and stops no status")
  func unreadable() throws {
    try bench.deliver(files)
    try run()
    let folder = Path(bench.dataset()).appending("_trailmerge/validation/logs")
    let first = try #require(try OpenFolder(folder).entries().map(\.name).first)
    let name = "_trailmerge/validation/logs/\(Path(bytes: first))"
    try FileSystem.removeFile(Path(bench.dataset()).appending(name))
    try FileSystem.createFolders(Path(bench.dataset()).appending(name))
    #expect(throws: FileError.self) { try Status(Path(bench.dataset())) }
    #expect(try verify(Path(bench.dataset())).problems.map(\.path.description) == [name])
  }

  @Test("is not left behind by a run that does not validate, and goes with such a rebuild")
  func withoutValidation() throws {
    try bench.deliver(files)
    try run()
    #expect {
      try bench.run()
    } throws: { error in
      ExitStatus(error) == .usage && "\(error)".contains("validate: true -> false")
    }
    #expect(!(try logs().isEmpty))
    try bench.run { $0.rebuild = true }
    #expect(try logs().isEmpty && digests().isEmpty)
    try bench.run(into: "plain")
    try bench.expectEqual("dataset", "plain")
  }
}
