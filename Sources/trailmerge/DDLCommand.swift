import ArgumentParser
import Bytes
import JobRunner

/// `trailmerge ddl`: tells a query engine where a dataset lies.
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
      throw ValidationError("Unknown engine '\(engine)': expected one of \(names).")
    }
  }

  func run() throws {
    var options = TableOptions()
    options.location = location.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    options.projectsPartitions = projection
    do {
      guard let engine = TableEngines.named(engine) else { throw Ending.usage.exitCode }
      let tables = try TableDescription.all(in: Path(dataset))
      let statements = try tables.map { try engine.definition(of: $0, options) }
      try Terminal.writeOutput(statements.joined(separator: "\n\n") + "\n")
    } catch let error as TableError {
      printError(error.description)
      throw Ending.usage.exitCode
    } catch {
      printError(String(describing: error))
      throw Ending(error).exitCode
    }
  }
}
