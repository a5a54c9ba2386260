import Bytes
import CloudTrail
import Writing

/// One step of the data's way, timed by itself.
protocol Stage: AnyObject {
  /// What the report calls it.
  var name: String { get }
  /// Whether it works on the whole corpus, so that rates over the input mean nothing.
  var coversWholeCorpus: Bool { get }
  /// Makes ready what `run` uses up; not timed.
  func prepare() throws
  /// Does the work over all files of the input once; timed.
  func run() throws
}

extension Stage {
  var coversWholeCorpus: Bool { false }
  func prepare() throws {}
}

/// What the timing of one stage gave.
struct StageResult: Encodable {
  let name: String
  let coversWholeCorpus: Bool
  let seconds: Measurement
}

/// All stages in the order of the data.
enum Stages {
  /// Times every stage on `input`.
  ///
  /// `scratch`: a folder that may be written to; gone afterwards.
  static func measure(
    _ input: StageInput, scratch: Path, runs: Int
  ) throws -> (results: [StageResult], recordCount: Int) {
    let batches = try FilledBatches(input)
    let encodeStages = try OutputFormats.all.filter(\.problems.isEmpty).map {
      try EncodeStage($0, batches, scratch)
    }
    let stages: [any Stage] =
      [
        DiscoverStage(input), ReadStage(input), HashStage(input),
        try InflateStage(input, .pieces), try InflateStage(input, .whole),
        SplitStage(input), ReaderStage(input), SortStage(batches), MergeStage(batches),
      ] + encodeStages + [
        WriteStage(batches, scratch), CommitStage(batches, scratch, syncs: false),
        CommitStage(batches, scratch, syncs: true),
      ]
    let results = try stages.map { stage in
      let samples = try repeated(runs) {
        try stage.prepare()
        return try seconds { try stage.run() }
      }
      return StageResult(
        name: stage.name, coversWholeCorpus: stage.coversWholeCorpus,
        seconds: Measurement(samples))
    }
    try FileSystem.removeTree(scratch)
    return (results, batches.recordCount)
  }
}
