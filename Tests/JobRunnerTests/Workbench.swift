import Bytes
import Dataset
import Foundation
import JobFiles
import JobRunner
import TestSupport
import Testing

/// A folder with inputs and datasets, and the runs made from one to the other.
struct Workbench {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// The only input of the jobs.
  var input: String { folder.appending("input") }

  /// What reports and datasets call the file of the input at `path`.
  static func source(_ path: String) -> String { "input/" + path }

  /// The folder of the dataset `name`.
  func dataset(_ name: String = "dataset") -> String { folder.appending(name) }

  /// Puts files into the input, all with one modification time, which the ledger shows.
  func deliver(_ files: [TreeFile]) throws {
    try FileSystem.createFolders(Path(input))
    try FileTree.write(files, in: input)
    for file in files {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_795_000_000)],
        ofItemAtPath: input + "/" + file.path)
    }
  }

  /// A job from the input to the dataset `name`.
  func job(into name: String = "dataset", _ change: (inout Job) -> Void = { _ in }) -> Job {
    var job = Job()
    job.name = "test"
    job.inputs = [Job.Input(written: "input", path: input)]
    job.dataset = dataset(name)
    job.memory = 16 << 20
    job.threads = 2
    change(&job)
    return job
  }

  /// Runs a job without waiting for the disk.
  @discardableResult
  func run(
    into name: String = "dataset", _ change: (inout Job) -> Void = { _ in }
  ) throws -> RunReport {
    var settings = RunSettings()
    settings.syncs = false
    settings.now = 1_795_163_415
    return try JobRunner.run(job(into: name, change), settings)
  }

  /// Expects two datasets to be the same except for what is about single runs, and for paths that begin
  /// with one of `ignoring`.
  func expectEqual(
    _ left: String, _ right: String, _ comment: Comment? = nil, ignoring: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let difference = try difference(left, right, ignoring: ignoring)
    #expect(difference == nil, comment, sourceLocation: sourceLocation)
  }

  /// How two datasets differ in what must be the same however they were made; nil if in nothing.
  func difference(
    _ left: String, _ right: String, ignoring: [String] = []
  ) throws -> String? {
    try FileTree.firstDifference(
      dataset(left), dataset(right),
      ignoring: ["_trailmerge/runs/", "_trailmerge/seen/", "_trailmerge/lock"] + ignoring)
  }
}
