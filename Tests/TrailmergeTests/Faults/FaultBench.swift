import Bytes
import Foundation
import SampleTrails
import TestSupport
import Testing

/// A dataset of one night, a second night to come, and the dataset as it is after both.
///
/// The outputs take every way to switch a partition: a file renamed, a folder new, two folders
/// exchanged.
struct FaultBench {
  let folder: TestSupport.TemporaryFolder
  let job: String
  /// The job that allows loss.
  let lossyJob: String

  /// How much the two nights hold.
  private let size: Size
  /// What all of its runs find in their environment.
  private let environment: [String: String]
  /// Threads of each run.
  private var threads: Int { size == .large ? 2 : 1 }

  enum Size {
    /// One account and day: few enough changes to try all of them, in an order that is always the
    /// same.
    case small
    /// Small, of several days, some in both nights; some files stay as they are, and in each night a
    /// record is rejected.
    case days
    case large
  }

  static let ignored = ["_trailmerge/runs/", "_trailmerge/seen/", "_trailmerge/lock"]

  init(_ size: Size = .large, environment: [String: String] = [:]) throws {
    (self.size, self.environment) = (size, environment)
    folder = try TestSupport.TemporaryFolder()
    job = folder.appending("job.yaml")
    lossyJob = folder.appending("lossy.yaml")
    var text = """
      name: faults
      inputs: [input]
      dataset: unused
      outputs:
        - format: ndjson
          maxRows: 5
        - format: csv
          partitionBy: [dt]
          maxRows: 9
      """
    #if XLSX
      if size == .large { text += "\n  - { format: xlsx, partitionBy: [dt], maxRows: 9 }" }
    #endif
    try FileTree.write(text, to: "job.yaml", in: folder.path)
    try FileTree.write(text + "\nallowLoss: true", to: "lossy.yaml", in: folder.path)
    try deliver(seed: 1)
    _ = try run(into: "old", environment: recording("old"))
    try deliver(seed: 2)
    try restore("new")
    _ = try run(into: "new", environment: recording("new"))
  }

  /// The record of the changes of a run.
  func record(_ name: String) -> Path { Path(folder.appending(name + ".record")) }

  /// Lets a run append to the record `name`.
  func recording(_ name: String) -> [String: String] {
    ["TRAILMERGE_RECORD": record(name).description]
  }

  private func deliver(seed: UInt64) throws {
    var options = SampleTrailOptions()
    options.seed = size == .days ? 1 : seed
    options.eventSeed = seed
    if size == .days { options.eventsPerFile = 3 }
    options.events = size == .large ? 60 : 12
    options.accounts = size == .large ? 2 : 1
    if size != .large { options.regions = 1 }
    options.days = size == .small ? 1 : 2
    if size == .days { options.firstDay = "2026-11-0\(seed)" }
    options.lateShare = size == .large ? options.lateShare : 0
    options.conflicts = size == .large ? 3 : 1
    options.digests = false
    _ = try SampleTrail.write(options, to: folder.appending("input/\(seed)"))
    if size == .days { try deliverLateRecords(seed) }
  }

  /// Seven records, and as the night after an eighth that is later than all, so that the first files
  /// of the partition stay as they are; and one without a time.
  private func deliverLateRecords(_ night: UInt64) throws {
    let records = (night == 1 ? 1...7 : 8...8).map { hour in
      """
      {"eventID":"late-\(hour)","eventTime":"2026-11-03T0\(hour):00:00Z",\
      "recipientAccountId":"111122223333","awsRegion":"eu-west-1"}
      """
    }
    let text = (records + ["{\"eventID\":\"rejected-\(night)\"}"]).joined(separator: ",")
    try FileTree.write(
      "{\"Records\":[\(text)]}", to: "input/\(night)/late.json", in: folder.path)
  }

  /// Runs the job into the dataset `name`; without flags only errors are printed.
  func run(
    into name: String, _ flags: [String] = [], job: String? = nil,
    environment: [String: String] = [:]
  ) throws -> CommandResult {
    let environment = self.environment.merging(environment) { $1 }
    let (job, dataset) = (job ?? self.job, folder.appending(name))
    if flags.isEmpty {
      return try runJob(job, into: dataset, threads: threads, environment: environment)
    }
    return try trailmerge(
      ["run", job, "-o", dataset, "--threads", "\(threads)"] + flags, environment: environment)
  }

  /// Runs a job into the dataset `name`, which is made again; only errors are printed.
  func rebuild(
    into name: String, job: String, environment: [String: String] = [:]
  ) throws -> CommandResult {
    try runJob(
      job, into: folder.appending(name), threads: threads, isRebuild: true,
      environment: self.environment.merging(environment) { $1 })
  }

  /// Begins a run without waiting for its end.
  func start(into name: String, _ flags: [String]) throws -> Process {
    try startTrailmerge(["run", job, "-o", folder.appending(name)] + flags)
  }

  /// Begins a run of the second night and of `slowFileCount` files without records that take long
  /// to inflate; returns as soon as the run says that it reads.
  func startReading(into name: String, slowFileCount: Int) throws -> Process {
    let slow = try gzipped(Array("{}".utf8) + [UInt8](repeating: 0x20, count: 8 << 20))
    for number in 0..<slowFileCount {
      try FileTree.write(slow, to: "input/slow/\(number).json.gz", in: folder.path)
    }
    return try startReading(into: name)
  }

  /// The same with one file that takes long to read: hundreds of megabytes, inflated.
  func startReading(into name: String, largeFile content: String) throws -> Process {
    let piece: String
    var head = ""
    switch content {
    case "white space": piece = " "
    case "tiny records": (head, piece) = ("[", "1,")
    default: (head, piece) = ("[oops", "x")
    }
    let member = try gzipped(Array(String(repeating: piece, count: (8 << 20) / piece.count).utf8))
    let bytes = try gzipped(Array(head.utf8)) + repeatElement(member, count: 110).joined()
    try FileTree.write(Array(bytes), to: "input/large.json.gz", in: folder.path)
    return try startReading(into: name)
  }

  private func startReading(into name: String) throws -> Process {
    let scratch = try TemporaryFolder()
    let process = try startTrailmerge(
      ["run", job, "-o", folder.appending(name), "--progress", "always"],
      errors: try scratch.newFile("errors"))
    while !(try scratch.text("errors").contains("reading ")) {
      guard process.isRunning else { throw EndedEarly() }
      Thread.sleep(forTimeInterval: 0.01)
    }
    return process
  }

  struct EndedEarly: Error {}

  /// Makes the dataset `name` as another is: as it was after the first night.
  func restore(_ name: String, from other: String = "old") throws {
    try FileSystem.removeTree(Path(folder.appending(name)))
    try FileManager.default.copyItem(
      atPath: folder.appending(other), toPath: folder.appending(name))
  }

  /// Puts a copy in the place of the dataset `name`: its files are others to the file system.
  func copyInPlace(_ name: String) throws {
    try FileSystem.rename(Path(folder.appending(name)), to: Path(folder.appending("original")))
    try FileManager.default.copyItem(
      atPath: folder.appending("original"), toPath: folder.appending(name))
    try FileSystem.removeTree(Path(folder.appending("original")))
  }

  /// The files of a dataset by path, without what is about single runs.
  func files(_ name: String) throws -> [TreeFile] {
    try FileTree.read(folder.appending(name)).filter { file in
      !FaultBench.ignored.contains { file.path.hasPrefix($0) }
    }
  }

  /// How two datasets differ; nil if in nothing.
  func difference(_ left: String, _ right: String) throws -> String? {
    FileTree.firstDifference(try files(left), try files(right))
  }

  /// The partitions of the dataset `name` that are neither as they were nor as they will be.
  func mixedPartitions(_ name: String) throws -> [String] {
    let (old, new) = (try partitions("old"), try partitions("new"))
    return try partitions(name).filter { folder, files in
      files != old[folder] && files != new[folder]
    }.map(\.key).sorted()
  }

  private func partitions(_ name: String) throws -> [String: [TreeFile]] {
    Dictionary(grouping: try files(name).filter { !$0.path.hasPrefix("_trailmerge/") }) {
      $0.path.split(separator: "/").dropLast().joined(separator: "/")
    }
  }

  /// Some of the numbers from 1 to `last`, always with both; all on request.
  func points(upTo last: Int, seed: UInt64, count: Int) -> [Int] {
    let wanted = seeds(UInt64(count)).count
    guard wanted < last else { return Array(1...last) }
    var random = SeededGenerator(seed: seed)
    return Array(Set([1, last] + (2..<wanted).map { _ in random.within(1...last) })).sorted()
  }

  /// How many changes to the file system the second night takes, found by halving.
  func changeCount(_ environment: [String: String] = [:]) throws -> Int {
    var (low, high) = (1, 4096)
    while low < high {
      let middle = (low + high) / 2
      try restore("count")
      let result = try run(
        into: "count",
        environment: environment.merging(["TRAILMERGE_KILL_BEFORE": "\(middle)"]) { $1 })
      if result.status == 9 { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }
}
