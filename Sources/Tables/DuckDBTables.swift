import Bytes
import CloudTrail
import Writing

/// Views for DuckDB 1.2 or later, over the files where they are.
///
/// https://duckdb.org/docs/stable/data/partitioning/hive_partitioning
enum DuckDBTables: TableEngine {
  static let name = "duckdb"

  static func definition(
    of table: TableDescription, _ options: TableOptions
  ) throws(TableError) -> String {
    let root = try options.root(of: table)
    try checkPartitions(in: root, table)
    let folder = try glob(root)
    let glob = "\(folder)/\(table.folder)/\(table.keys.isEmpty ? "" : "**/")\(table.fileGlob)"
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
        // Rows with line breaks in a field are read right by one thread a file only.
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
      SELECT \(selection(table, root)) FROM \(function)(
        \(arguments.joined(separator: ",\n  ")));
      """
  }

  /// A path as a glob that matches nothing else: a character in brackets is itself.
  private static func glob(_ path: String) throws(TableError) -> String {
    if path.contains("\\") {
      throw TableError(location: path, reason: "DuckDB takes a backslash for a slash")
    }
    if path.contains("://"), path.contains("?") {
      throw TableError(
        location: path, reason: "DuckDB takes what follows a ? in a URL for settings")
    }
    return path.map { "[*?".contains($0) ? "[\($0)]" : String($0) }.joined()
  }

  /// With Hive partitioning, `key=value` anywhere in a path is a column, and takes the place of one
  /// that is there.
  private static func checkPartitions(
    in root: String, _ table: TableDescription
  ) throws(TableError) {
    guard !table.keys.isEmpty else { return }
    let names = Set(
      table.columns { $0 }.map { $0.name.lowercased() } + table.keys.map(\.rawValue))
    for segment in root.split(separator: "/") {
      guard let sign = segment.firstIndex(of: "=") else { continue }
      if names.contains(segment[..<sign].lowercased()) {
        throw TableError(
          location: root, reason: "DuckDB takes \(segment) for the value of a column")
      }
    }
  }

  /// All columns; by name where the path above the dataset could add to them.
  private static func selection(_ table: TableDescription, _ root: String) -> String {
    guard !table.keys.isEmpty, root.contains("=") else { return "*" }
    let names = table.columns { $0 }.map { $0.name } + table.keys.map(\.rawValue)
    return names.map { $0.quoted("\"") }.joined(separator: ", ")
  }

  private static func type(_ kind: TableDescription.Kind) -> String {
    switch kind {
    case .text: "VARCHAR"
    case .boolean: "BOOLEAN"
    case .json: "JSON"
    }
  }
}
