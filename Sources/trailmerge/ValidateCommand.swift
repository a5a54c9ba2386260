import ArgumentParser
import Bytes
import Dataset
import JobFiles
import JobRunner
import Logging
import Segments
import Validation

/// `trailmerge validate`: checks digest chains and the logs they list.
struct ValidateCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks CloudTrail's digest chains and the logs they list, offline.",
    discussion: """
      Without keys, hashes and links are checked only. The newest digest of a chain is signed by \
      the next one; until that is there, --signatures can give its signature. With keys, any other \
      digest that nothing vouches for is an error, such as the last one before a pause: save its \
      signature too. Only files below the inputs are read, whatever the digests name.

      \(ExitStatus.exitStatuses)
      """)

  @Argument(
    help: ArgumentHelp("Mirrors of CloudTrail buckets, at any level.", valueName: "input"),
    completion: .file())
  var inputs: [String]

  @Option(
    help: ArgumentHelp(
      "What 'aws cloudtrail list-public-keys' printed; once for each region.", valueName: "file"),
    completion: .file())
  var publicKeys: [String] = []

  @Option(
    help: ArgumentHelp(
      "Saved signatures: {\"<key of the digest>\": \"<hexadecimal>\"}.", valueName: "file"),
    completion: .file())
  var signatures: String?

  @Option(
    name: [.long, .customLong("report")], help: "How the report on standard output is written.")
  var format = Format.text

  @Flag(name: .shortAndLong, help: "List what is in order too.")
  var verbose = false

  @Option(
    help: ArgumentHelp(
      "Digests and logs delivered from this time on are expected; UTC.", valueName: "time"))
  var from: String?

  @Option(
    help: ArgumentHelp("… and up to this time, which is not included.", valueName: "time"))
  var to: String?

  @Option(
    help: ArgumentHelp(
      "The memory budget, at least 16MiB; a quarter of the machine by default.", valueName: "size"))
  var memory: String?

  @Option(
    help: ArgumentHelp("Where to sort what exceeds the memory budget.", valueName: "dir"),
    completion: .directory)
  var tempDir: String?

  @Option(help: "Threads; 0: one per core.")
  var threads = 0

  @Option(help: "When to draw progress; auto: on a terminal.")
  var progress = RunOptions.Progress.auto

  func validate() throws {
    try checkThreads(threads)
    if signatures != nil, publicKeys.isEmpty {
      throw ValidationError("--signatures needs --public-keys to check them with.")
    }
    if let memory, FlagText.memory(memory) == nil {
      throw ValidationError("--memory: expected a size of at least 16MiB such as 2GiB.")
    }
    for (flag, text) in [("--from", from), ("--to", to)] {
      guard let text, instant(text) == nil else { continue }
      throw ValidationError(
        "\(flag): expected a date, a time such as 2026-11-01T08:30:00Z, yesterday or 7d.")
    }
  }

  private func instant(_ text: String?) -> Int64? {
    text.flatMap { FlagText.instant($0, now: Clock.secondsSince1970) }
  }

  func run() throws {
    StopSignal.install()
    var options = try loadOptions()
    options.range = DeliveryRange(from: instant(from), to: instant(to))
    let meter = ProgressMeter()
    meter.enter(.validating)
    let display = ProgressDisplay(meter, progress, Logger())
    let budget = memory.flatMap { FlagText.memory($0) } ?? MachineMemory.defaultBudget
    let scratch = TemporaryFiles(in: tempDir)
    defer { scratch.remove() }
    let resources = ValidationResources(memory: budget / 2) { try scratch.path() }
    var output = ReportOutput(format, isVerbose: verbose, memory: budget / 8) { try scratch.path() }
    do {
      try Validation.validate(
        in: validationSource(inputs.map { Path($0) }), options: options, resources,
        mapping: Workers(count: threads), progress: { meter.note($0) }, { try output.take($0) })
      display?.end()
      try output.finish(options)
    } catch {
      display?.end()
      if let signal = StopSignal.number {
        throw failure(
          "stopped before the end: nothing can be said",
          ExitStatus(RunError.stopped(signal: signal)))
      }
      throw failure(String(describing: error), .failed)
    }
    throw status(of: output.tally).exitCode
  }

  /// - Throws: The exit code of wrong usage, once the error is on standard error.
  private func loadOptions() throws -> ValidationOptions {
    do {
      return try ValidationOptions(
        publicKeys: publicKeys.map { Path($0) }, signatures: signatures.map { Path($0) })
    } catch {
      throw failure(String(describing: error), ExitStatus(ofNamedFile: error))
    }
  }

  private func failure(_ problem: String, _ ending: ExitStatus) -> ExitCode {
    trailmerge.failure(problem, ending, isJSON: format == .json) {
      $0.add("inputs", texts: inputs.map { Array($0.utf8) })
    }
  }

  private func status(of tally: ValidationTally) -> ExitStatus {
    if tally.isInvalid { return .integrity }
    if tally.hasDigests { return .complete }
    printError("no digest files below the inputs: nothing could be checked")
    return .failed
  }
}

/// The report on standard output, written as findings come.
private struct ReportOutput {
  private let format: ValidateCommand.Format
  private let isVerbose: Bool
  private(set) var tally = ValidationTally()
  private var text = ""
  /// The lists of a report for programs: nobody knows the counts, which come first, before the end.
  private let items: RowSorter
  private var itemCount: UInt64 = 0

  init(
    _ format: ValidateCommand.Format, isVerbose: Bool, memory: Int,
    _ scratch: @escaping @Sendable () throws -> Path
  ) {
    (self.format, self.isVerbose) = (format, isVerbose)
    items = RowSorter(memory: memory, scratch: scratch)
  }

  mutating func take(_ finding: ValidationFinding) throws {
    tally.add(finding)
    switch format {
    case .text:
      for line in finding.lines(isVerbose: isVerbose) { text += "\(line)\n" }
      if text.utf8.count > 64 << 10 { try write() }
    case .json:
      guard let (list, item) = finding.json(isVerbose: isVerbose) else { return }
      var row = ByteBuffer(capacity: item.count + 9)
      row.append(list.rawValue)
      // The order of the findings.
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        row.append(UInt8(truncatingIfNeeded: itemCount >> shift))
      }
      row.append(item)
      try items.append(row.bytes)
      itemCount += 1
    }
  }

  private mutating func write() throws {
    try Terminal.writeOutput(text)
    text = ""
  }

  mutating func finish(_ options: ValidationOptions) throws {
    switch format {
    case .text:
      for problem in options.problems { text += "Note\t\(problem)\n" }
      if let span = tally.span { text += "\nResults found for \(span):\n\n" }
      for line in tally.summary(hasKeys: options.keys != nil) { text += "\(line)\n" }
      try write()
    case .json: try writeJSON(options)
    }
  }

  private mutating func writeJSON(_ options: ValidationOptions) throws {
    var head = JSONObjectWriter()
    tally.add(to: &head, hasKeys: options.keys != nil)
    head.add("notes", texts: options.problems.map { Array($0.utf8) })
    text = String(decoding: head.finish().dropLast(), as: UTF8.self)
    let rows = try items.finish()
    var hasRow = try rows.next()
    for list in ReportList.allCases {
      text += ",\"\(list.name)\":["
      var isFirst = true
      while hasRow, rows.withRow({ $0[0] == list.rawValue }) {
        if !isFirst { text += "," }
        isFirst = false
        text += rows.withRow { $0.extracting(9...).text() }
        if text.utf8.count > 64 << 10 { try write() }
        hasRow = try rows.next()
      }
      text += "]"
    }
    text += "}\n"
    try write()
  }
}
