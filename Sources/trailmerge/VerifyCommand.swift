import ArgumentParser
import Bytes
import CloudTrail
import Dataset
import JobFiles
import JobRunner
import Logging
import Verification

/// `trailmerge verify`: reads a dataset again and compares it with its manifest.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Reads a dataset again and compares it with its manifest.",
    discussion: """
      Says what is wrong with which file, one line each: hashes, sizes, the order of the records, \
      eventIDs that are there twice, counts, records in the wrong partition, files that nobody \
      committed. Exits 0 when all is well, 4 when something is not.

      \(ExitStatus.exitStatuses)
      """)

  @Argument(help: "The dataset's folder.", completion: .directory)
  var dataset: String

  @Flag(
    help: """
      Make damaged outputs, indexes, lists of partitions and manifest.json again where the records \
      in the store are enough, and put aside other damaged files of the dataset's own. No stored \
      record leaves.
      """)
  var repair = false

  @Option(
    help: """
      With --repair: the job file that made the dataset, for a manifest.json that is lost with all \
      reports of runs.
      """, completion: .file())
  var job: String?

  @Flag(name: .shortAndLong, help: "Say also which files were read.")
  var verbose = false

  @Option(help: "Worker threads; 0: one per core.")
  var threads = 0

  @Option(
    name: [.customLong("report"), .customLong("format")], help: "How the report is written.")
  var reportFormat = RunOptions.ReportFormat.text

  func validate() throws {
    try checkThreads(threads)
    if job != nil && !repair { throw ValidationError("--job is for --repair") }
  }

  func run() throws {
    StopSignal.install()
    let report: VerificationReport
    let job = try job.map { JobFingerprint(try loadJobs([$0])[0]) }
    do {
      report = try verify(
        Path(dataset), repairing: repair, job: job, mapping: Workers(count: threads),
        log: Logger(.text, verbose ? .debug : .info).details)
    } catch {
      let status = StopSignal.number.map { ExitStatus(RunError.stopped(signal: $0)) }
      throw failure(
        String(describing: error), status ?? ExitStatus(error), isJSON: reportFormat == .json
      ) { $0.add("dataset", dataset) }
    }
    let result = reportFormat == .json ? report.json().span.text() + "\n" : text(report)
    throw report.ending.graver(than: show(result)).exitCode
  }

  private func text(_ report: VerificationReport) -> String {
    var lines = report.problems.map { "\(printable($0.path)): \(printable($0.what))" }
    lines += report.notes.map { "note: \(printable($0.path)): \(printable($0.what))" }
    if report.strictReadersRefuse.counts.recordCount > 0 {
      lines.append("note: \(report.strictReadersRefuse.counts.sentence)")
      lines += report.strictReadersRefuse.exampleLines.map { "  \($0)" }
    }
    lines += report.repaired.map { "repaired: \(printable($0))" }
    let read =
      "\(grouped(report.fileCount)) files, \(grouped(report.recordCount)) records, "
      + "\(megabytes(report.byteCount)) in \(decimal(report.seconds)) s"
    if report.problems.isEmpty {
      lines.append("\(printable(report.dataset)): all is as it was committed (\(read))")
    } else {
      let count = report.problems.count
      lines.append(
        "\(printable(report.dataset)): \(counted(count, "problem")) (\(read))")
      lines += advice(report)
    }
    lines.append("not checked: \(VerificationReport.unchecked.joined(separator: "; "))")
    return lines.joined(separator: "\n") + "\n"
  }

  /// What to do, one line for each way.
  private func advice(_ report: VerificationReport) -> [String] {
    let remedies = Set(report.problems.map(\.remedy))
    return [
      (
        VerificationReport.Remedy.repair,
        "trailmerge verify --repair makes these again from the store, or puts them aside"
      ),
      (.rebuild, "run the job with --rebuild to make the dataset again from its inputs"),
      (.run, "the next run reads again what the inputs still have of these"),
      (.remove, "move the files that nobody committed out of the dataset"),
      (.nothing, "what can be mended of these is, and nothing else can be done"),
      (.access, "verify as a user who may read these, such as the one who runs the job"),
    ].filter { remedies.contains($0.0) }.map { remedy, advice in
      let count = report.problems.filter { $0.remedy == remedy }.count
      return "  \(grouped(count)): \(advice)"
    }
  }
}
