import ArgumentParser
import Bytes

/// Times jobs of growing size, with one thread and with two.
struct ScalingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scaling",
    abstract: "Time per record as jobs grow, and what a second thread brings.",
    discussion: "Jobs do not wait for the disk here: it would hide what the program does.")

  @OptionGroup var common: CommonOptions

  @Option(parsing: .upToNextOption, help: "Events in each job.")
  var events = [50_000, 500_000, 2_000_000]

  @Option(parsing: .upToNextOption, help: "Numbers of threads.")
  var threads = [1, 2]

  func run() throws {
    try Benchmarks.refuseDebugBuilds()
    let data = try DataFolder(common.data)
    var results: [ScalingResult] = []
    for count in events {
      let trail = try Corpus(events: count, seed: common.seed).folder(in: data.path)
      // The numbers of threads take turns, so that a busy minute hits them all.
      let rounds = try repeated(common.runs) {
        try threads.map { threads in
          try WholeJob(trail: trail, scratch: data.scratch, threads: threads, syncs: false).runJob()
        }
      }
      for (place, threads) in threads.enumerated() {
        let samples = rounds.map { $0[place] }
        results.append(
          ScalingResult(
            events: count, threads: threads, recordCount: samples[0].recordCount,
            peakByteCount: samples.map(\.peakByteCount).max() ?? 0,
            seconds: Measurement(samples.map(\.seconds)),
            processorSeconds: Measurement(samples.map(\.processorSeconds)),
            timesFaster: Measurement(rounds.map { $0[0].seconds / $0[place].seconds })))
      }
    }
    if common.json { return try CommonOptions.printJSON(results) }
    print(ScalingResult.table(results).text)
  }
}

/// What one size and number of threads took.
struct ScalingResult: Encodable {
  let events: Int
  let threads: Int
  let recordCount: Int
  let peakByteCount: Int
  let seconds: Measurement
  /// Of all threads: what a machine busy with other work leaves comparable.
  let processorSeconds: Measurement
  /// How much faster than with the first number of threads, by round.
  let timesFaster: Measurement

  static func table(_ results: [ScalingResult]) -> Table {
    var table = Table(
      "records", "threads", "s", "spread", "ns a record", "CPU ns a record", "peak MB",
      "times faster")
    for result in results {
      table.add(
        "\(result.recordCount)", "\(result.threads)", result.seconds.median.rounded(to: 2),
        result.seconds.spread.asPercentage,
        (result.seconds.median / Double(result.recordCount) * 1e9).rounded(to: 0),
        (result.processorSeconds.median / Double(result.recordCount) * 1e9).rounded(to: 0),
        (Double(result.peakByteCount) / 1e6).rounded(to: 0),
        result.timesFaster.median.rounded(to: 2))
    }
    return table
  }
}
