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
      are text, so that account ids keep their zeros. Tables of records have a view \
      NAME_typed on top: eventTime as a time, the parts of userIdentity, actor and outcome.
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
    help: "Athena: work out partitions from each query (default), or keep them in the catalogue.")
  var projection: Bool?

  @Flag(help: "Spark: define views of a session, which need no catalogue.")
  var temporary = false

  @Option(
    help: ArgumentHelp(
      "DuckDB: print also what writes the records below a folder as Parquet.", valueName: "dir"))
  var parquet: String?

  func validate() throws {
    guard let known = TableEngines.named(engine) else {
      let names = TableEngines.all.map { $0.name }.joined(separator: ", ")
      throw ValidationError("Unknown engine '\(printable(engine))': expected one of \(names).")
    }
    let choices: [(TableOptions.Choice, Bool)] = [
      (.projection, projection != nil), (.temporary, temporary), (.parquet, parquet != nil),
    ]
    for (choice, isMade) in choices where isMade && !known.choices.contains(choice) {
      let names = TableEngines.all.filter { $0.choices.contains(choice) }.map { $0.name }
      throw ValidationError("--\(choice.rawValue) is for \(names.joined(separator: ", ")).")
    }
  }

  func run() throws {
    var options = TableOptions()
    options.location = location.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    options.projectsPartitions = projection ?? true
    options.areTemporary = temporary
    options.parquetFolder = parquet.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
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
    let definitions: String
    do throws(TableError) {
      definitions = try engine.definitions(of: tables.all, options)
    } catch {
      printError(error.description)
      throw ExitStatus.usage.exitCode
    }
    throw show(definitions + "\n").exitCode
  }
}
