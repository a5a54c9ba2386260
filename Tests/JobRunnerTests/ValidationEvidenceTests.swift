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
import Validation
import Verification

@Suite("The evidence of a validation")
struct ValidationEvidenceTests {
  private let bench: Workbench
  /// Of a tree with digests: its files, by path in byte order.
  private let files: [TreeFile]

  init() throws {
    bench = try Workbench()
    files = try Self.tree(in: bench)
  }

  private static func tree(in bench: Workbench, seed: UInt64 = 1) throws -> [TreeFile] {
    var options = SampleTrailOptions()
    options.seed = seed
    options.events = 150
    options.accounts = 2
    options.regions = 1
    options.days = 1
    options.lateShare = 0.05
    options.eventsPerFile = 12
    return try bench.takeSample(options)
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

  /// What the dataset says of log files, by path or address.
  private func logs(_ name: String = "dataset") throws -> [String: LogStatus] {
    var logs: [String: LogStatus] = [:]
    try forEachFinding(name) { finding in
      guard case .log(let log) = finding else { return }
      logs[log.path?.description ?? log.object?.description ?? ""] = log.status
    }
    return logs
  }

  /// What the dataset says of digests, by path or address.
  private func digests(_ name: String = "dataset") throws -> [String: DigestStatus] {
    var digests: [String: DigestStatus] = [:]
    try forEachFinding(name) { finding in
      guard case .digest(let digest) = finding else { return }
      digests[digest.path?.description ?? digest.object.description] = digest.status
    }
    return digests
  }

  private func forEachFinding(_ name: String, _ take: (ValidationFinding) -> Void) throws {
    let dataset = try StoredDataset(DatasetLayout(Path(bench.dataset(name))))
    let scratch = TemporaryFiles()
    defer { scratch.remove() }
    let judge = EvidenceJudge(keys: try dataset.publicKeys(), memory: 1 << 20) {
      try scratch.path()
    }
    for slot in dataset.digests.slots {
      try dataset.digests.forEach(in: slot) { try judge.add($0, isCurrent: true) }
    }
    try judge.addLogs(of: dataset)
    _ = try judge.judge(mapping: SequentialMapping()) { take($0) }
  }

  private func remove(_ path: String) throws {
    try FileSystem.removeFile(Path(bench.input).appending(path))
  }

  /// A log file of the first account's own trail.
  private func log() throws -> TreeFile {
    try #require(files.first { $0.path.contains("/CloudTrail/") && !$0.path.contains("/o-") })
  }

  @Test("leads from the path that a row names to the digests that list its hash")
  func joins() throws {
    try bench.deliver(files)
    try run()
    let dataset = try StoredDataset(DatasetLayout(Path(bench.dataset())))
    var listed: Set<String> = []
    for slot in dataset.digests.slots {
      try dataset.digests.forEach(in: slot) { digest in
        for log in digest.document?.logs ?? [] { listed.insert(log.hash.hex) }
      }
    }
    let ledger = Ledger(dataset)
    let read = try ledger.slots.flatMap { try ledger.entries($0).values }
      .filter { $0.outcome == .read }
    #expect(read.allSatisfy { $0.contentHash.map { listed.contains($0.hex) } == true })
    #expect(try Set(logs().keys) == Set(read.map { $0.path.description }))
    #expect(try logs().values.allSatisfy { $0 == .verified })
    #expect(try digests().values.allSatisfy { $0 == .valid })
  }

  @Test(
    "is the same whether files came at once or night by night, and left after each",
    arguments: seeds(4))
  func law(_ seed: UInt64) throws {
    let bench = try Workbench()
    var random = SeededGenerator(seed: seed)
    var tree = try Self.tree(in: bench, seed: seed)
    // Some are altered, some never come, one has no digest, and a stranger is among them.
    tree.removeAll { _ in random.oneIn(12) }
    for index in tree.indices where random.oneIn(12) && tree[index].path.hasSuffix(".gz") {
      tree[index].bytes = try gzipped(Array(#"{"Records":[]}"#.utf8))
    }
    let stranger = try #require(tree.first { $0.path.contains("/CloudTrail/") })
    tree.append(TreeFile(path: stranger.path + ".copy.json.gz", bytes: stranger.bytes))
    let (digestsComeLater, keysComeLater) = (random.oneIn(2), random.oneIn(2))
    let isEmptied = random.oneIn(2)
    let nights = Dictionary(grouping: tree) { file in
      random.within(1...3) + (digestsComeLater && Self.isDigest(file) ? 1 : 0)
    }
    func validate(_ job: inout Job) {
      job.validate = true
      job.publicKeys = [bench.folder.appending("tree/public-keys.json")]
    }
    let words: Comment =
      "later: digests \(digestsComeLater), keys \(keysComeLater), emptied: \(isEmptied)"
    for night in 1...4 {
      try bench.deliver(nights[night] ?? [])
      try bench.run(into: "grown") { job in
        validate(&job)
        if keysComeLater && night < 4 { job.publicKeys = [] }
        job.threads = random.within(1...3)
      }
      guard isEmptied else { continue }
      for file in nights[night] ?? [] {
        try FileSystem.removeFile(Path(bench.input).appending(file.path))
      }
    }
    try bench.deliver(tree)
    try bench.run(into: "at-once") { validate(&$0) }
    try bench.expectEqual("grown", "at-once", words)
    #expect(
      FileSystem.exists(
        DatasetLayout(Path(bench.dataset("grown"))).root.appending(
          DatasetFile.DeliveryKind.digests.folder)))
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
    #expect(try logs().values.allSatisfy { $0 == .noDigest(.uncovered) })
    try bench.deliver(files.filter(Self.isDigest))
    let report = try run()
    #expect(report.counts.files.read == 0 && report.isCommitted && report.ending == .complete)
    #expect(try logs().values.allSatisfy { $0 == .verified })
  }

  @Test("shows a listed file that is absent, and of the file once it is there")
  func missing() throws {
    try bench.deliver(files)
    let log = try log()
    try remove(log.path)
    try run()
    let absent = try logs().filter { $0.value == .missing }
    #expect(absent.count == 1 && absent.keys.first?.hasSuffix(log.path) == true)
    try bench.deliver([log])
    #expect(try run().ending == .complete)
    #expect(try logs().values.allSatisfy { $0 == .verified })
  }

  @Test("keeps what was found when files leave the inputs: nothing is missing that was read")
  func pruned() throws {
    try bench.deliver(files)
    try run()
    let (logs, digests) = (try logs(), try digests())
    // A single log, whose digest still lists it; then a whole account with its digests; then all.
    try remove(try log().path)
    #expect(try run().ending == .complete)
    #expect(try self.logs() == logs)
    let account = try log().path.split(separator: "/")[1]
    for file in files where file.path.contains(account) {
      try? FileSystem.removeFile(Path(bench.input).appending(file.path))
    }
    #expect(try run().ending == .complete)
    for file in files { try? FileSystem.removeFile(Path(bench.input).appending(file.path)) }
    #expect(try run().ending == .complete)
    #expect(try self.logs() == logs)
    #expect(try self.digests() == digests)
  }

  @Test("goes on judging by digests that have left: a file that is altered later is found")
  func prunedDigests() throws {
    try bench.deliver(files)
    try run()
    for file in files where Self.isDigest(file) { try remove(file.path) }
    #expect(try run().ending == .complete)
    try bench.deliver([
      TreeFile(path: try log().path, bytes: try gzipped(Array(#"{"Records":[]}"#.utf8)))
    ])
    #expect(try run().ending == .integrity)
    let altered = try logs().filter { $0.value.isInvalid }
    #expect(try altered.map(\.key) == [Workbench.source(log().path)])
    #expect(try run().ending == .complete, "it was reported, and is in the status")
  }

  @Test("is not doubled when a file has a copy, or an unpacked one beside it")
  func copies() throws {
    try bench.deliver(files)
    let before = try run().validation
    let digest = try #require(files.first(where: Self.isDigest))
    for file in [digest, try log()] {
      let name = String(file.path.dropLast(3))
      try bench.deliver([TreeFile(path: name, bytes: try gunzipped(file.bytes))])
    }
    let after = try run()
    #expect(after.ending == .complete)
    #expect(after.validation?.digests == before?.digests && after.validation?.logs == before?.logs)
    // Whenever they come: what is known of a digest is known of its copies.
    for digest in files.filter(Self.isDigest) {
      let name = String(digest.path.dropLast(3))
      try bench.deliver([TreeFile(path: name, bytes: try gunzipped(digest.bytes))])
    }
    try run()
    try run(into: "at once")
    try bench.expectEqual("dataset", "at once")
    let files = try FileTree.read(bench.dataset() + "/_trailmerge/digests")
    #expect(files.contains { $0.bytes.span.text().contains("previousVerifiedBy") })
  }

  @Test("counts the digests that are missing, named by another or not, until they are there")
  func missingDigests() throws {
    try bench.deliver(files)
    let chain = files.filter { Self.isDigest($0) && $0.path.contains("_main_") }
      .filter { $0.path.contains(chainAccount) && !$0.path.contains("backfill") }
    let gone = Array(chain[5..<9])
    for file in gone { try remove(file.path) }
    try run()
    let status = try Status(Path(bench.dataset()))
    #expect(status.digests.total.counts.digestsMissing == 4)
    try bench.deliver(gone)
    try run()
    #expect(try digests().values.allSatisfy { $0 == .valid })
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
    #expect(try logs().keys.allSatisfy { $0.contains(account) })
    #expect(try digests().keys.allSatisfy { $0.contains(account) })
  }

  @Test("names files as the ledger does when a job has several inputs, and counts copies once")
  func severalInputs() throws {
    try bench.deliver(files)
    let other = bench.folder.appending("other")
    try FileTree.write(try files.filter { $0.path == (try log().path) }, in: other)
    try run { $0.inputs.append(Job.Input(written: "other", path: other, name: "more")) }
    let ledger = try Ledger(StoredDataset(DatasetLayout(Path(bench.dataset()))))
    let read = try ledger.slots.flatMap { try ledger.entries($0).keys }
      .filter { $0.description.contains("/CloudTrail/") }
    #expect(read.count { $0.description.hasPrefix("more/") } == 1)
    #expect(try Set(logs().keys).isSubset(of: Set(read.map(\.description))))
    #expect(try logs().count == read.count - 1)
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
    let written = try FileTree.read(bench.dataset() + "/_trailmerge/digests")
    #expect(written.map(\.path) == ["2026-11-18.ndjson"])
    #expect(written.allSatisfy { !$0.bytes.contains(0x1B) && !$0.bytes.contains(0x07) })
    let findings = try self.logs()
    #expect(findings.count >= keys.count - 1 && findings.values.allSatisfy { $0 == .missing })
    #expect(try verify(Path(bench.dataset())).problems.isEmpty)
  }

  @Test("stops the run that reads it when it is damaged, and is made again by a rebuild")
  func damaged() throws {
    try bench.deliver(files)
    try run()
    let folder = bench.dataset() + "/_trailmerge/digests"
    let sound = try FileTree.listing(of: folder)
    let name = try #require(try FileTree.read(folder).first?.path)
    let file = "_trailmerge/digests/\(name)"
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
      #expect(try FileTree.listing(of: folder) == sound)
    }
    #expect(try verify(Path(bench.dataset())).problems.isEmpty)
  }

  @Test("is not what somebody has put beside it", arguments: ["digests", "ledger"])
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
    let folder = Path(bench.dataset()).appending("_trailmerge/digests")
    let first = try #require(try OpenFolder(folder).entries().map(\.name).first)
    let name = "_trailmerge/digests/\(Path(bytes: first))"
    try FileSystem.removeFile(Path(bench.dataset()).appending(name))
    try FileSystem.createFolders(Path(bench.dataset()).appending(name))
    #expect(try Status(Path(bench.dataset())).digests.damages.count == 1)
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
    #expect(try digests().isEmpty && logs().values.allSatisfy { $0 == .noDigest(.uncovered) })
    try bench.run(into: "plain")
    try bench.expectEqual("dataset", "plain")
  }
}
