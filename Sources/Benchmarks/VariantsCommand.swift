import ArgumentParser
import Bytes
import Foundation

/// Times what else people do with a trail: gzip outputs, a run with nothing new, shards and their merge, and
/// the question what is to be fetched.
struct VariantsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "variants",
    abstract: "Time gzip outputs, idle runs, shards and merges, and 'new'.",
    discussion: """
      Each round does everything once with the trailmerge beside this program. Ratios are taken \
      within a round.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "The corpus to measure on.")
  var corpus = Corpus.Kind.realistic

  @Option(help: "The build of trailmerge to be timed (default: beside Benchmarks).")
  var with: String?

  @Option(help: "Shards that are run and merged.")
  var shards = 4

  func run() throws {
    try Benchmarks.refuseDebugBuilds()
    let data = try DataFolder(common.data)
    let trail = try Corpus(corpus, seed: common.seed).folder(in: data.path)
    let round = VariantsRound(
      program: try with ?? ChildProcess.trailmerge, trail: trail, scratch: data.scratch,
      shardCount: shards)
    defer { try? FileSystem.removeTree(data.scratch) }
    let rounds = try repeated(common.runs) { try round.run() }
    let result = VariantsResult(rounds)
    if common.json { return try CommonOptions.printJSON(result) }
    print(result.table.text)
  }
}

/// One round of everything.
private struct VariantsRound {
  let program: String
  let trail: Path
  let scratch: Path
  let shardCount: Int

  func run() throws -> VariantsSample {
    try? FileSystem.removeTree(scratch)
    try FileSystem.createFolders(scratch)
    let plain = scratch.appending("plain")
    let run = try time("consolidate", trail, "-o", plain)
    let idle = try time("consolidate", trail, "-o", plain)
    let gzip = try time(
      "consolidate", trail, "-o", scratch.appending("gzip"), "--compression", "gzip:6")
    try FileSystem.removeTree(scratch.appending("gzip"))
    let gzipAlone = try timeGzip(over: plain)
    let parts = (1...shardCount).map { scratch.appending("shard-\($0)") }
    var shards = 0.0
    for (place, part) in parts.enumerated() {
      shards += try time("consolidate", trail, "-o", part, "--shard", "\(place + 1)/\(shardCount)")
    }
    let merge = try timeProgram(
      program,
      ["merge"] + parts.map(\.description) + ["-o", scratch.appending("merged").description, "-q"])
    return VariantsSample(
      run: run, idle: idle, gzip: gzip, gzipAlone: gzipAlone, shards: shards, merge: merge,
      new: try timeNew(plain))
  }

  private func time(_ arguments: any CustomStringConvertible...) throws -> Double {
    try timeProgram(program, arguments.map(\.description) + ["--memory", "256MiB", "--quiet"])
  }

  private func timeProgram(_ program: String, _ arguments: [String]) throws -> Double {
    try seconds { _ = try ChildProcess.run(program, arguments) }
  }

  /// What `gzip -6` takes in two processes over the outputs of the plain run.
  private func timeGzip(over dataset: Path) throws -> Double {
    try timeProgram(
      "/bin/sh",
      [
        "-c",
        "find \"$0/ndjson\" \"$0/csv\" -type f -print0 | xargs -0 -P 2 -n 40 gzip -6 -c > /dev/null",
        dataset.description,
      ])
  }

  /// What it takes to find that nothing of the trail is to be fetched.
  private func timeNew(_ dataset: Path) throws -> Double {
    let (job, list) = (scratch.appending("job.yaml"), scratch.appending("keys"))
    let text = """
      inputs: [{path: "\(trail)", url: "s3://trail"}]
      dataset: "\(dataset)"
      outputs: [{format: ndjson}, {format: csv}]

      """
    try FileSystem.writeAtomically(text.utf8.span, to: job)
    _ = try ChildProcess.run(
      "/bin/sh",
      [
        "-c", "cd \"$0\" && find . -type f -printf '%P\\n' > \"$1\"", trail.description,
        list.description,
      ])
    return try timeProgram(program, ["new", job.description, list.description])
  }
}

/// What a round took, in seconds.
struct VariantsSample {
  let run: Double
  let idle: Double
  let gzip: Double
  let gzipAlone: Double
  let shards: Double
  let merge: Double
  let new: Double
}

/// What all rounds took.
struct VariantsResult: Encodable {
  let runSeconds: Measurement
  let idleSeconds: Measurement
  let gzipSeconds: Measurement
  /// What gzip adds to the run, for each second of `gzip -6` in two processes over the same bytes.
  let gzipShare: Measurement
  let shardSeconds: Measurement
  let mergeSeconds: Measurement
  let newSeconds: Measurement

  init(_ samples: [VariantsSample]) {
    runSeconds = Measurement(samples.map(\.run))
    idleSeconds = Measurement(samples.map(\.idle))
    gzipSeconds = Measurement(samples.map(\.gzip))
    gzipShare = Measurement(samples.map { ($0.gzip - $0.run) / $0.gzipAlone })
    shardSeconds = Measurement(samples.map(\.shards))
    mergeSeconds = Measurement(samples.map(\.merge))
    newSeconds = Measurement(samples.map(\.new))
  }

  var table: Table {
    var table = Table("what", "s", "spread")
    for (name, measured) in [
      ("plain outputs", runSeconds), ("nothing new", idleSeconds), ("gzip:6 outputs", gzipSeconds),
      ("shards, one after the other", shardSeconds), ("their merge", mergeSeconds),
      ("new, with nothing to fetch", newSeconds),
    ] {
      table.add(name, measured.median.rounded(to: 2), measured.spread.asPercentage)
    }
    table.add(
      "gzip:6 adds, times gzip -6", gzipShare.median.rounded(to: 2), gzipShare.spread.asPercentage)
    return table
  }
}
