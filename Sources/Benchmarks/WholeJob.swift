import Bytes

/// A whole job, each run in a process of its own, with the floor below it.
struct WholeJob {
  let trail: Path
  let scratch: Path
  let threads: Int
  /// Whether job and floor wait for the disk.
  let syncs: Bool

  /// Runs job and floor in turn.
  ///
  /// In turn, since a busy machine is slow for minutes at a time: neighbours are comparable.
  func measure(runs: Int) throws -> WholeJobResult {
    let pairs = try repeated(runs) {
      let job = try runJob()
      return WholeJobSample(
        job: job, floor: try runFloor(below: job, .zlib),
        lowerFloor: try runFloor(below: job, .libdeflate))
    }
    return WholeJobResult(threads: threads, syncs: syncs, pairs: pairs)
  }

  /// Runs the job alone.
  func runJob() throws -> JobSample {
    defer { clear() }
    return try runKeeping()
  }

  /// Runs the job alone and leaves the dataset, which may be there before.
  func runKeeping() throws -> JobSample {
    try ChildProcess.runSelf(
      ["job", trail.description, scratch.description, "--threads", "\(threads)", syncFlag],
      as: JobSample.self)
  }

  private func runFloor(
    below job: JobSample, _ inflater: FloorCommand.Inflater
  ) throws -> FloorSample {
    defer { clear() }
    return try ChildProcess.runSelf(
      [
        "floor", trail.description, scratch.description, "--threads", "\(threads)", syncFlag,
        "--bytes", "\(job.writtenByteCount)", "--files", "\(job.fileCount)",
        "--inflater", inflater.rawValue,
      ], as: FloorSample.self)
  }

  private var syncFlag: String { syncs ? "--sync" : "--no-sync" }

  /// Removes what was written, and lets the disk come to rest before the next run.
  private func clear() {
    try? FileSystem.removeTree(scratch)
    if syncs { try? OpenFile(scratch.parent).syncFileSystem() }
  }
}

/// A whole job, and the floors that were run beside it.
struct WholeJobSample {
  let job: JobSample
  let floor: FloorSample
  let lowerFloor: FloorSample
}

/// What the timing of a whole job gave.
struct WholeJobResult: Encodable {
  let threads: Int
  let syncs: Bool
  let seconds: Measurement
  let processorSeconds: Measurement
  let floorSeconds: Measurement
  /// Seconds of the job for each second of the floor run beside it, which inflates with zlib.
  let timesFloor: Measurement
  /// The same with libdeflate.
  let timesLowerFloor: Measurement
  let peakByteCount: Int
  let jsonByteCount: Int
  let recordCount: Int

  init(threads: Int, syncs: Bool, pairs: [WholeJobSample]) {
    self.threads = threads
    self.syncs = syncs
    seconds = Measurement(pairs.map(\.job.seconds))
    processorSeconds = Measurement(pairs.map(\.job.processorSeconds))
    floorSeconds = Measurement(pairs.map(\.floor.seconds))
    timesFloor = Measurement(pairs.map { $0.job.seconds / $0.floor.seconds })
    timesLowerFloor = Measurement(pairs.map { $0.job.seconds / $0.lowerFloor.seconds })
    peakByteCount = pairs.map(\.job.peakByteCount).max() ?? 0
    jsonByteCount = pairs.first?.job.jsonByteCount ?? 0
    recordCount = pairs.first?.job.recordCount ?? 0
  }
}
