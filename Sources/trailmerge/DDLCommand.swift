import ArgumentParser
import Bytes
import Dataset
import JobRunner
import Tables

/// `trailmerge ddl`: shows a query engine where a dataset is.
struct DDLCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ddl",
    abstract: "Prints table definitions for exactly the files that a dataset has.",
    discussion: """
      One table for each output: its format, columns, compression and partitions. Partition columns \
      are text, so that account ids keep their zeros.
      """)

  @Argument(
    help: ArgumentHelp(
      "The query engine: " + TableEngines.all.map { $0.name }.joined(separator: ", ") + "."),
    completion: .list(TableEngines.all.map { $0.name }))
  var engine: String

  @Argument(help: "The dataset's folder.", completion: .directory)
  var dataset: String

  @Option(help: "The dataset's place as the engine sees it, such as s3://bucket/nightly.")
  var location: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Athena: work out partitions from each query, or keep them in the catalogue.")
  var projection = true

  func validate() throws {
    if TableEngines.named(engine) == nil {
      let names = TableEngines.all.map { $0.name }.joined(separator: ", ")
      throw ValidationError("Unknown engine '\(printable(engine))': expected one of \(names).")
    }
  }

  func run() throws {
    var options = TableOptions()
    options.location = location.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    options.projectsPartitions = projection
    let tables: DatasetTables
    do {
      tables = try DatasetTables(in: Path(dataset))
    } catch {
      printError(String(describing: error))
      throw ExitStatus(error).exitCode
    }
    for reason in tables.unreadable { printError(reason) }
    guard let engine = TableEngines.named(engine),
      !tables.all.isEmpty || tables.unreadable.isEmpty
    else { throw ExitStatus.usage.exitCode }
    let statements: [String]
    do throws(TableError) {
      statements = try tables.all.map { (table) throws(TableError) in
        try engine.definition(of: table, options)
      }
    } catch {
      printError(error.description)
      throw ExitStatus.usage.exitCode
    }
    throw show(statements.joined(separator: "\n\n") + "\n").exitCode
  }
}
