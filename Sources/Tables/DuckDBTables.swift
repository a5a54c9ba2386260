import Bytes
import CloudTrail
import Writing

/// Views for DuckDB 1.2 or later, over the files where they are.
///
/// Records come whole, and each column takes its field out: so a record with two fields of one name is
/// read too, and fields that are no columns are at hand.
/// https://duckdb.org/docs/stable/data/partitioning/hive_partitioning
enum DuckDBTables: TableEngine {
  static let name = "duckdb"
  static let choices: Set<TableOptions.Choice> = [.parquet]

  static func script(
    for tables: [TableDescription], _ options: TableOptions
  ) throws(TableError) -> String {
    var statements = try tables.map { (table) throws(TableError) in
      try definition(of: table, options)
    }
    if let folder = options.parquetFolder {
      statements.append(
        """
        -- Each replaces its folder, below one that has to be there.
        -- The order of the records stays.
        """)
      statements += parquetTables(tables).map { copy($0, into: folder) }
    }
    return statements.joined(separator: "\n\n")
  }

  private static func definition(
    of table: TableDescription, _ options: TableOptions
  ) throws(TableError) -> String {
    let root = try options.root(of: table)
    try checkPartitions(in: root, table)
    let folder = try glob(root)
    let glob = "\(folder)/\(table.folder)/\(table.keys.isEmpty ? "" : "**/")\(table.fileGlob)"
    let source = table.holdsRecords ? records(glob, table) : rows(glob, table)
    let view = "\(comments(notes(table, root)))CREATE OR REPLACE VIEW \(table.name) AS\n\(source);"
    guard let typed = table.typedName else { return view }
    let query = DuckDBSQL.typedQuery(of: table, from: table.name, more: ["record"])
    return "\(view)\n\nCREATE OR REPLACE VIEW \(typed) AS\n\(query);"
  }

  private static func notes(_ table: TableDescription, _ root: String) -> [String] {
    var notes: [String] = []
    if root.hasPrefix("s3://") {
      notes.append("Before: CREATE SECRET (TYPE s3, PROVIDER credential_chain);")
    }
    guard table.holdsRecords else { return notes }
    notes.append("A fraction inside JSON has 64 bits: 1.370E-5 comes as 0.0000137, and -0 as 0.")
    if table.textFlaws.recordCount > 0 {
      let count = counted(table.textFlaws.recordCount, "record")
      notes += [
        "DuckDB refuses \(count) of these: half a surrogate pair, or bytes that are not UTF-8.",
        "A query that meets one fails. Ways out: an output with text: repaired, or a csv output;",
        "or ignore_errors = true below, and such records are rows of NULL.",
      ]
    }
    return notes
  }

  /// Takes all fields of a kind out of a record at once: each alone would be a walk of its own.
  private static func records(_ glob: String, _ table: TableDescription) -> String {
    var texts: [String] = []
    var values: [String] = []
    let columns = zip(table.columns, table.columns { $0 }).map { field, column in
      let path = "'$.\(field.name.quoted("\""))'"
      let value: String
      switch field.kind {
      case .text:
        texts.append(path)
        value = "texts[\(texts.count)]"
      case .json:
        values.append(path)
        value = "nullif(jsons[\(values.count)], 'null'::JSON)"
      }
      return "  \(value) AS \(DuckDBSQL.name(column.name)),\n"
    }
    let keys = table.keys.map { ", \($0.rawValue)" }.joined()
    return """
      SELECT
      \(columns.joined())  record\(keys)
      FROM (
        SELECT json AS record\(keys),
          json_extract_string(json, [\(texts.joined(separator: ", "))]) AS texts,
          json_extract(json, [\(values.joined(separator: ", "))]) AS jsons
        FROM read_ndjson_objects(
          \(([glob.quoted("'")] + partitioning(table)).joined(separator: ",\n    "))))
      """
  }

  private static func rows(_ glob: String, _ table: TableDescription) -> String {
    let columns = table.columns { $0 }
    let types = columns.map { "\($0.name.quoted("'")): 'VARCHAR'" }
    var arguments = [
      glob.quoted("'"), "header = true", "delim = ','", "quote = '\"'", "escape = '\"'",
      "auto_detect = false",
      // Rows with line breaks in a field are read right by one thread a file only.
      "parallel = false", "max_line_size = 268435456",
    ]
    arguments.append("columns = {\n    " + types.joined(separator: ",\n    ") + "}")
    arguments += partitioning(table)
    let names = (columns.map(\.name) + table.keys.map(\.rawValue)).map(DuckDBSQL.name)
    return """
      SELECT \(names.joined(separator: ", "))
      FROM read_csv(
        \(arguments.joined(separator: ",\n  ")))
      """
  }

  private static func partitioning(_ table: TableDescription) -> [String] {
    if table.keys.isEmpty { return ["hive_partitioning = false"] }
    let keys = table.keys.map { "\($0.rawValue): 'VARCHAR'" }.joined(separator: ", ")
    return ["hive_partitioning = true", "hive_types = {\(keys)}"]
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
      table.columns { $0 }.map { $0.name.lowercased() } + table.keys.map(\.rawValue) + ["json"])
    for segment in root.split(separator: "/") {
      guard let sign = segment.firstIndex(of: "=") else { continue }
      if names.contains(segment[..<sign].lowercased()) {
        throw TableError(
          location: root, reason: "DuckDB takes \(segment) for the value of a column")
      }
    }
  }

  // MARK: Parquet

  /// Of each family one table: the same records need not be written twice.
  private static func parquetTables(_ tables: [TableDescription]) -> [TableDescription] {
    Family.allCases.compactMap { family in
      let all = tables.filter { $0.family == family }
      return all.first { $0.holdsRecords && $0.textFlaws.recordCount == 0 }
        ?? all.first { !$0.holdsRecords } ?? all.first
    }
  }

  private static func copy(_ table: TableDescription, into folder: String) -> String {
    let view = table.typedName ?? table.name
    let keys = table.keys.map(\.rawValue).joined(separator: ", ")
    let partitions = table.keys.isEmpty ? "" : ", PARTITION_BY (\(keys)), OVERWRITE true"
    let target = "\(folder)/\(table.name)" + (table.keys.isEmpty ? ".parquet" : "")
    return """
      COPY (FROM \(view)) TO \(target.quoted("'"))
        (FORMAT parquet, COMPRESSION zstd\(partitions));
      """
  }
}

enum DuckDBSQL: SQLDialect {
  static func name(_ name: String) -> String { name.quoted("\"") }

  static func text(_ text: String) -> String { text.quoted("'") }

  static func field(_ column: String, _ path: [String]) -> String {
    "json_extract_string(\(column), '$.\(path.joined(separator: "."))')"
  }

  static func match(_ text: String, _ pattern: String) -> String {
    "regexp_extract(\(text), '\(pattern)', 1)"
  }

  static func time(_ text: String) -> String {
    "timezone('UTC', TRY_CAST(\(text) AS TIMESTAMPTZ))"
  }
}
