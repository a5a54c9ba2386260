import ArgumentParser
import Bytes
import CloudTrail
import SampleTrails

/// Times one more night into a dataset of a year, and the same night into nothing.
struct NightlyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nightly",
    abstract: "What a night costs when there is a year before it, and when there is nothing.",
    discussion: """
      Each run adds another night to one mirror and one dataset, which grow. Jobs do not wait for \
      the disk here: it would hide what the program does.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "Days before the first night.")
  var days = 365

  @Option(help: "Events of each of those days.")
  var dayEvents = 300

  @Option(help: "Events of a night.")
  var events = 41_667

  func run() throws {
    try Benchmarks.refuseDebugBuilds()
    let scratch = try DataFolder(common.data).scratch
    defer { try? FileSystem.removeTree(scratch) }
    let mirror = scratch.appending("mirror")
    let dataset = scratch.appending("dataset")
    printNote("making \(days) days in \(mirror)")
    try write(days: days, from: 0, events: days * dayEvents, to: mirror)
    _ = try run(mirror, dataset)
    var night = days
    let samples = try repeated(common.runs) {
      let (alone, fresh) = (scratch.appending("night"), scratch.appending("fresh"))
      for folder in [mirror, alone] { try write(days: 1, from: night, events: events, to: folder) }
      night += 1
      defer { for folder in [alone, fresh] { try? FileSystem.removeTree(folder) } }
      return NightSample(
        alone: try run(alone, fresh), added: try run(mirror, dataset),
        idle: try run(mirror, dataset))
    }
    let result = NightlyResult(days: days, samples: samples)
    if common.json { return try CommonOptions.printJSON(result) }
    print(result.table.text)
  }

  /// Adds days to a trail of 12 accounts with 4 regions each.
  private func write(days: Int, from day: Int, events: Int, to folder: Path) throws {
    var options = SampleTrailOptions.realistic(events: events)
    options.seed = common.seed
    options.eventSeed = common.seed + UInt64(day)
    options.days = days
    options.firstDay = NightlyCommand.firstDay.advanced(by: day).description
    _ = try SampleTrail.write(options, to: folder.description)
  }

  /// 2025-11-01.
  private static let firstDay = Day(daysSince1970: 20_393)

  private func run(_ trail: Path, _ dataset: Path) throws -> JobSample {
    try WholeJob(trail: trail, scratch: dataset, threads: 0, syncs: false).runKeeping()
  }
}

/// One night, run three times.
struct NightSample {
  /// Into nothing.
  let alone: JobSample
  /// Into the dataset that has a year already.
  let added: JobSample
  /// Again, with nothing new.
  let idle: JobSample
}

/// What nights took.
struct NightlyResult: Encodable {
  let days: Int
  let recordCount: Int
  let aloneSeconds: Measurement
  let addedSeconds: Measurement
  let idleSeconds: Measurement
  /// Seconds into the year for each second into nothing, by night.
  let timesAlone: Measurement

  init(days: Int, samples: [NightSample]) {
    self.days = days
    recordCount = samples[0].alone.recordCount
    aloneSeconds = Measurement(samples.map(\.alone.seconds))
    addedSeconds = Measurement(samples.map(\.added.seconds))
    idleSeconds = Measurement(samples.map(\.idle.seconds))
    timesAlone = Measurement(samples.map { $0.added.seconds / $0.alone.seconds })
  }

  var table: Table {
    var table = Table(
      "days before", "records of a night", "into nothing s", "into the year s", "times",
      "nothing new s")
    table.add(
      "\(days)", "\(recordCount)", aloneSeconds.median.rounded(to: 2),
      addedSeconds.median.rounded(to: 2), timesAlone.median.rounded(to: 2),
      idleSeconds.median.rounded(to: 2))
    return table
  }
}
