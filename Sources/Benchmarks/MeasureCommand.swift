import ArgumentParser
import Bytes

/// Times stages and whole jobs on each corpus, or two builds against each other.
struct MeasureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure", abstract: "Time stages and whole jobs (the default).")

  enum Part: String, CaseIterable, ExpressibleByArgument { case stages, jobs }

  @OptionGroup var common: CommonOptions

  @Option(parsing: .upToNextOption, help: "The corpora to measure on.")
  var corpus = Corpus.Kind.allCases

  @Option(help: "A trail to measure on instead of made-up corpora.")
  var input: String?

  @Option(parsing: .upToNextOption, help: "What to time.")
  var only = Part.allCases

  @Option(help: "Worker threads of whole jobs; 0 is one per core.")
  var threads = 0

  @Option(help: "Another build of trailmerge, to be run pair by pair with this one.")
  var compare: String?

  @Option(help: "The build of trailmerge that --compare starts from (default: beside Benchmarks).")
  var with: String?

  func run() throws {
    try Benchmarks.refuseDebugBuilds()
    let data = try DataFolder(common.data)
    var results: [CorpusResult] = []
    for (name, trail) in try trails(in: data) {
      var result = CorpusResult(corpus: name)
      if let compare {
        let pair = Compare(
          this: try with ?? ChildProcess.trailmerge, other: compare, trail: trail,
          scratch: data.scratch)
        result.comparison = try pair.measure(runs: common.runs)
      } else {
        try measure(trail, data, into: &result)
      }
      if !common.json { print(result.text) }
      results.append(result)
    }
    if common.json { try CommonOptions.printJSON(results) }
  }

  private func trails(in data: DataFolder) throws -> [(name: String, folder: Path)] {
    if let input { return [(input, try FileSystem.resolved(Path(input)))] }
    return try corpus.map { kind in
      let corpus = Corpus(kind, seed: common.seed)
      return (corpus.name, try corpus.folder(in: data.path))
    }
  }

  private func measure(
    _ trail: Path, _ data: DataFolder, into result: inout CorpusResult
  ) throws {
    if only.contains(.stages) {
      let input = try StageInput(trail)
      result.stages = StageResults(
        try Stages.measure(input, scratch: data.scratch, runs: common.runs),
        byteCount: input.byteCount)
    }
    guard only.contains(.jobs) else { return }
    for syncs in [true, false] {
      let job = WholeJob(trail: trail, scratch: data.scratch, threads: threads, syncs: syncs)
      result.jobs.append(try job.measure(runs: common.runs))
    }
  }
}
