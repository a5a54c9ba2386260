import ArgumentParser
import Bytes
import Dataset
import Foundation
import JobFiles
import JobRunner

/// Runs one job in this process and says what it took: how whole jobs get a peak of their own.
struct JobCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "job", abstract: "Run one job and print its measurements as JSON.",
    shouldDisplay: false)

  @OptionGroup
  var place: RunPlace

  @Option(help: "The memory budget in MiB.")
  var memory = 256

  func run() throws {
    try Benchmarks.refuseDebugBuilds()
    var job = Job()
    job.name = "benchmark"
    let input = try FileSystem.resolved(Path(place.input)).description
    job.inputs = [Job.Input(written: place.input, path: input)]
    let folder = Path(place.output)
    try FileSystem.createFolders(folder)
    job.dataset = try FileSystem.resolved(folder).description
    job.threads = place.threads
    job.memory = memory << 20
    var settings = RunSettings()
    settings.syncs = place.sync
    let start = Clock.steadySeconds
    let report = try JobRunner.run(job, settings)
    let sample = JobSample(
      seconds: Clock.steadySeconds - start, processorSeconds: Clock.processorSeconds,
      peakByteCount: MachineMemory.peakByteCount, jsonByteCount: report.counts.bytes.inflated,
      writtenByteCount: report.counts.bytes.written, fileCount: report.partitionCount,
      recordCount: report.counts.records.input)
    print(String(decoding: try JSONEncoder().encode(sample), as: UTF8.self))
  }
}

/// What one run of a job took.
struct JobSample: Codable {
  var seconds: Double
  var processorSeconds: Double
  var peakByteCount: Int
  /// Bytes of JSON that were read.
  var jsonByteCount: Int
  var writtenByteCount: Int
  /// Output files written.
  var fileCount: Int
  var recordCount: Int
}
