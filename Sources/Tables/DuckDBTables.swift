import Bytes
import CloudTrail
import Writing

/// Views for DuckDB 1.2 or later, over the files where they lie.
///
/// https://duckdb.org/docs/stable/data/partitioning/hive_partitioning
enum DuckDBTables: TableEngine {
  static let name = "duckdb"

  static func definition(of table: TableDescription, _ options: TableOptions) -> String {
    let root = options.location ?? table.dataset.description
    let glob = "\(root)/\(table.folder)/\(table.keys.isEmpty ? "" : "**/")\(table.fileGlob)"
    let columns = table.columns { $0 }.map { column in
      "\(column.name.quoted("'")): '\(type(column.kind))'"
    }
    var arguments = [glob.quoted("'")]
    let function: String
    switch table.shape {
    case .jsonLines:
      function = "read_json"
      arguments.append("format = 'newline_delimited'")
    case .delimited:
      function = "read_csv"
      arguments += [
        "header = true", "delim = ','", "quote = '\"'", "escape = '\"'", "auto_detect = false",
        // Rows with line breaks in a cell are read right by one thread a file only.
        "parallel = false", "max_line_size = 268435456",
      ]
    }
    arguments.append("columns = {\n    " + columns.joined(separator: ",\n    ") + "}")
    if !table.keys.isEmpty {
      let keys = table.keys.map { "\($0.rawValue): 'VARCHAR'" }.joined(separator: ", ")
      arguments += ["hive_partitioning = true", "hive_types = {\(keys)}"]
    } else {
      arguments.append("hive_partitioning = false")
    }
    return """
      CREATE OR REPLACE VIEW \(table.name) AS
      SELECT * FROM \(function)(
        \(arguments.joined(separator: ",\n  ")));
      """
  }

  private static func type(_ kind: TableDescription.Kind) -> String {
    switch kind {
    case .text: "VARCHAR"
    case .boolean: "BOOLEAN"
    case .json: "JSON"
    }
  }
}
