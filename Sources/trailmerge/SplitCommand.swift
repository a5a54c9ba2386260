import ArgumentParser
import Bytes
import Dataset
import JobFiles
import JobRunner

/// `trailmerge split`: a dataset to pieces.
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Cuts a dataset into datasets that merge to the same bytes.",
    discussion: """
      With --into, pieces follow one another in time, and one more has what belongs to no day. With \
      --account-id, --from or --to, one dataset is carved out, with what is known of the files that its \
      records come from, or without it with --records-only. The dataset is only read; files are linked where the file system can.

      \(ExitStatus.exitStatuses)
      """)

  @Argument(help: "The dataset's folder.", completion: .directory)
  var dataset: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A folder that is new or empty, or where the same split was begun.", valueName: "dir"))
  var output: String

  @Option(help: ArgumentHelp("At most how many pieces, besides one without days.", valueName: "n"))
  var into: Int?

  @Option(help: ArgumentHelp("Accounts to carve out.", valueName: "id,…")) var accountID: [String] =
    []
  @Option(help: ArgumentHelp("First day to carve out.", valueName: "date")) var from: String?
  @Option(help: ArgumentHelp("First day no longer carved out.", valueName: "date")) var to: String?

  @Flag(help: "Leave out the ledger and the evidence of what is carved out.")
  var recordsOnly = false

  @Option(help: .key("memory", value: "size")) var memory: String?
  @Option(help: .key("threads", value: "number")) var threads: String?
  @Option(help: .key("tempDir", value: "dir")) var tempDir: String?

  func validate() throws {
    let isCarving = !accountID.isEmpty || from != nil || to != nil
    if (into == nil) != isCarving {
      throw ValidationError("Expected either --into, or --account-id, --from or --to.")
    }
    if recordsOnly && !isCarving {
      throw ValidationError("--records-only goes with --account-id, --from or --to.")
    }
    if let into, into < 1 { throw ValidationError("--into is at least 1.") }
  }

  func run() throws {
    StopSignal.install()
    let overrides = [
      JobOverride("--output", "dataset", output),
      JobOverride("--memory", "memory", memory),
      JobOverride("--threads", "threads", threads),
      JobOverride("--temp-dir", "tempDir", tempDir),
      JobOverride("--account-id", "select.accounts", list: accountID),
      JobOverride("--from", "select.from", from),
      JobOverride("--to", "select.to", to),
    ].compactMap { $0 }
    let job = try loadJob(overrides: overrides, needsInputs: false)
    do {
      let pieces = try split(
        Path(dataset), into.map { .pieces($0) } ?? (recordsOnly ? .records : .carving), by: job)
      let lines = pieces.map { piece in
        let number = piece.part.numbers.first.map { " (\($0) of \(piece.part.count))" } ?? ""
        return "\(printable(piece.path))\(number): "
          + "\(grouped(piece.recordCount)) records\n"
      }
      throw show(lines.joined()).exitCode
    } catch let error as ExitCode {
      throw error
    } catch {
      printError(String(describing: error))
      throw ExitStatus(error).exitCode
    }
  }
}
