import Bytes
import Dataset
import Foundation
import TestSupport
import Testing

@Suite("Runs that meet others, signals, and hands in the dataset", .serialized)
struct LockAndSignalTests {
  @Test("a second run exits 11 at once, or waits as long as it may")
  func lock() throws {
    let bench = try FaultBench()
    try bench.restore("work")
    do {
      let lock = try DatasetLock(DatasetLayout(Path(bench.folder.appending("work"))), waiting: 0)
      #expect(try bench.run(into: "work").status == 11)
      #expect(try bench.run(into: "work", ["--lock-wait", "1s"]).status == 11)
      lock.release()
    }
    #expect(try bench.run(into: "work", ["--lock-wait", "1m"]).status == 0)
    #expect(try bench.difference("work", "new") == nil)
  }

  @Test("two runs at once come one after the other")
  func twoAtOnce() throws {
    let bench = try FaultBench()
    try bench.restore("work")
    let first = try bench.start(into: "work", ["--lock-wait", "20s"])
    let second = try bench.run(into: "work", ["--lock-wait", "20s"])
    first.waitUntilExit()
    #expect(first.terminationStatus == 0)
    #expect(second.status == 0)
    #expect(try bench.difference("work", "new") == nil)
  }

  @Test("of two runs at once the second exits 11, and the first is none the worse")
  func secondIsTurnedAway() throws {
    let bench = try FaultBench()
    try bench.restore("work")
    let first = try bench.startReading(into: "work", slowFileCount: 8)
    let second = try bench.run(into: "work")
    #expect(first.isRunning, "the first run was to last longer than the second")
    #expect(second.status == 11)
    #expect(second.output.isEmpty)
    #expect(second.errors.contains("another run holds the lock"))
    first.waitUntilExit()
    #expect(first.terminationStatus == 0)
    #expect(try bench.run(into: "alone").status == 0)
    #expect(try bench.difference("work", "alone") == nil)
  }

  @Test(
    "SIGINT and SIGTERM end a run that reads, and the next run does all of it",
    arguments: zip([SIGINT, SIGTERM], [130, 143] as [Int32]))
  func signalsWhileReading(_ signal: Int32, _ status: Int32) throws {
    let bench = try FaultBench()
    try bench.restore("work")
    let process = try bench.startReading(into: "work", slowFileCount: 100)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == status)
    #expect(try bench.difference("work", "old") == nil)
    try FileSystem.removeTree(Path(bench.folder.appending("input/slow")))
    #expect(try bench.run(into: "work").status == 0)
    #expect(try bench.difference("work", "new") == nil)
  }

  @Test(
    "a signal ends a run within one large file, whatever is in it",
    arguments: ["white space", "tiny records", "no JSON"])
  func signalInOneFile(_ content: String) throws {
    let bench = try FaultBench()
    try bench.restore("work")
    let process = try bench.startReading(into: "work", largeFile: content)
    Thread.sleep(forTimeInterval: 0.3)
    let start = Date()
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(Date().timeIntervalSince(start) < 2)
    #expect(process.terminationStatus == 143)
    #expect(try bench.difference("work", "old") == nil)
  }

  @Test(
    "SIGINT and SIGTERM end a run that waits for the lock",
    arguments: zip([SIGINT, SIGTERM], [130, 143] as [Int32]))
  func signals(_ signal: Int32, _ status: Int32) throws {
    let bench = try FaultBench()
    try bench.restore("work")
    // Holding the lock holds the run where the signal surely meets it.
    let lock = try DatasetLock(DatasetLayout(Path(bench.folder.appending("work"))), waiting: 0)
    let process = try bench.start(into: "work", ["--lock-wait", "20s"])
    Thread.sleep(forTimeInterval: 0.5)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    lock.release()
    #expect(process.terminationStatus == status)
    #expect(try bench.difference("work", "old") == nil)
    #expect(try bench.run(into: "work").status == 0)
    #expect(try bench.difference("work", "new") == nil)
  }

  @Test(
    "a part edited or deleted by hand ends the run with 4, and --rebuild mends it",
    arguments: ["is gone", "were committed", "has other bytes"])
  func changedFromOutside(_ what: String) throws {
    let bench = try FaultBench()
    try bench.restore("work")
    for file in try bench.files("work") where file.path.hasPrefix("ndjson/") {
      let path = bench.folder.appending("work/" + file.path)
      var bytes = file.bytes
      switch what {
      case "is gone": try FileSystem.removeFile(Path(path))
      case "were committed": try OpenFile(Path(path), .writing).write((bytes + [0x0A]).span)
      default:
        guard let digit = bytes.lastIndex(where: { (0x30...0x38).contains($0) }) else { continue }
        bytes[digit] += 1
        try OpenFile(Path(path), .writing).write(bytes.span)
      }
    }
    let result = try bench.run(into: "work")
    #expect(result.status == 4)
    #expect(result.errors.contains("changed from outside"))
    #expect(result.errors.contains("--rebuild"))
    #expect(try bench.run(into: "work", ["--rebuild"]).status == 0)
    #expect(try bench.difference("work", "new") == nil)
  }

  @Test("a target that cannot be written to fails the run with a sentence")
  func readOnlyTarget() throws {
    let bench = try FaultBench()
    // Not even root makes folders here.
    let result = try trailmerge("run", bench.job, "-o", "/proc/no-such-dataset")
    #expect(result.status == 1)
    #expect(result.errors.contains("/proc/no-such-dataset"))
  }
}
