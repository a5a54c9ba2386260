import Bytes
import CloudTrail
import Writing

/// Views for ClickHouse, over files below its `user_files_path`, or in S3.
///
/// Partition values come from the path, not from ClickHouse's own Hive partitioning, which guesses
/// numbers and so loses the zeros that account ids begin with. The last folder of a key's name counts:
/// one above the dataset may be called so too.
/// https://clickhouse.com/docs/sql-reference/table-functions/file
enum ClickHouseTables: TableEngine {
  static let name = "clickhouse"

  static func script(
    for tables: [TableDescription], _ options: TableOptions
  ) throws(TableError) -> String {
    try tables.map { (table) throws(TableError) in try definition(of: table, options) }
      .joined(separator: "\n\n")
  }

  private static func definition(
    of table: TableDescription, _ options: TableOptions
  ) throws(TableError) -> String {
    let root = try options.root(of: table)
    if let wildcard = root.first(of: "*?{") {
      throw TableError(
        location: root, reason: "to ClickHouse \(wildcard) is a wildcard, which nothing escapes")
    }
    let glob = "\(root)/\(table.folder)/\(table.keys.isEmpty ? "" : "**/")\(table.fileGlob)"
    let (format, settings) = reading(table)
    let columns = table.columns(besides: virtualColumns) { $0 }.map {
      (name: $0.name, type: type(table))
    }
    let view = self.view(table.name, glob, format, columns, settings, table)
    let text = comments(notes(table, isRemote: isRemote(glob))) + view
    guard let typed = table.typedName else { return text }
    let records = self.view(
      table.name + "_records", glob, "JSONAsString", [(name: "record", type: "String")], [], table)
    let query = ClickHouseSQL.typedQuery(of: table, from: table.name)
    return "\(text)\n\n\(records)\n\nCREATE OR REPLACE VIEW \(typed) AS\n\(query);"
  }

  /// Columns that it has beside those of the files, and that one of the files would replace.
  ///
  /// https://clickhouse.com/docs/sql-reference/table-functions/file#virtual-columns
  private static let virtualColumns: Set<String> = [
    "_path", "_file", "_size", "_time", "_etag", "_tags", "_headers", "_row_number",
    "_data_lake_snapshot_version",
  ]

  private static func notes(_ table: TableDescription, isRemote: Bool) -> [String] {
    var notes: [String] = []
    if !isRemote {
      notes.append("A ClickHouse server reads files below its user_files_path only.")
    }
    if table.holdsRecords {
      notes.append("Records with two fields of one name, whatever their case, are an error.")
      notes.append(
        "For many queries: CREATE TABLE t ENGINE = MergeTree ORDER BY eventTime "
          + "SETTINGS allow_nullable_key = 1 AS SELECT * FROM \(table.typedName ?? table.name);")
    }
    if table.textFlaws.loneSurrogateCount > 0 {
      let count = counted(table.textFlaws.loneSurrogateCount, "record")
      notes.append(
        "Half a surrogate pair, which \(count) of these have, comes as \\ud83d or as bytes that")
      notes.append("are not UTF-8. Inside of userIdentity nothing that comes of it is known.")
    }
    if table.textFlaws.invalidUTF8Count > 0 {
      let count = counted(table.textFlaws.invalidUTF8Count, "record")
      notes.append("Bytes that are not UTF-8, which \(count) of these have, come as they are.")
    }
    return notes
  }

  private static func isRemote(_ glob: String) -> Bool {
    glob.hasPrefix("s3://") || glob.hasPrefix("https://")
  }

  private static func view(
    _ name: String, _ glob: String, _ format: String, _ columns: [(name: String, type: String)],
    _ settings: [String], _ table: TableDescription
  ) -> String {
    let structure = columns.map { "\($0.name.quoted("`")) \($0.type)" }.joined(separator: ", ")
    let compression = table.isCompressed ? "gzip" : "none"
    let arguments =
      "\(ClickHouseSQL.text(glob)), '\(format)', \(ClickHouseSQL.text(structure)), '\(compression)'"
    let keys = table.keys.map { key in
      let value = "extract(_path, '.*/\(key.rawValue)=([^/]*)/')"
      return
        ",\n  nullIf(decodeURLComponent(\(value)), '__HIVE_DEFAULT_PARTITION__') AS \(key.rawValue)"
    }
    return """
      CREATE OR REPLACE VIEW \(name) AS
      SELECT *\(keys.joined())
      FROM \(isRemote(glob) ? "s3" : "file")(\(arguments))
      SETTINGS \((["use_hive_partitioning = 0"] + settings).joined(separator: ",\n  "));
      """
  }

  /// ClickHouse's name for the shape, and the settings that read it right.
  private static func reading(_ table: TableDescription) -> (format: String, settings: [String]) {
    switch table.shape {
    case .jsonLines:
      let kinds = ["objects", "arrays", "numbers", "bools"]
      var settings = kinds.map { "input_format_json_read_\($0)_as_strings = 1" }
      settings += ["input_format_skip_unknown_fields = 1", "input_format_json_max_depth = 1000000"]
      if table.textFlaws.loneSurrogateCount > 0 {
        settings.append("input_format_json_throw_on_bad_escape_sequence = 0")
      }
      return ("JSONEachRow", settings)
    case .delimited:
      // Else it takes spaces off, and `\N` for nothing: the text that is set here has a quote
      // inside, which no field without quotes has.
      return (
        "CSVWithNames",
        [
          "input_format_with_names_use_header = 0", "input_format_csv_detect_header = 0",
          "input_format_csv_trim_whitespaces = 0",
          "format_csv_null_representation = '\\x01\"\\x01'",
        ]
      )
    }
  }

  private static func type(_ table: TableDescription) -> String {
    table.holdsRecords ? "Nullable(String)" : "String"
  }
}

enum ClickHouseSQL: SQLDialect {
  static func name(_ name: String) -> String { name.quoted("`") }

  /// A backslash begins an escape.
  static func text(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").quoted("'")
  }

  static func field(_ column: String, _ path: [String]) -> String {
    let keys = path.map { "'\($0)'" }.joined(separator: ", ")
    return "JSONExtract(coalesce(\(column), ''), \(keys), 'Nullable(String)')"
  }

  static func match(_ text: String, _ pattern: String) -> String {
    "extract(\(text), '\(pattern)')"
  }

  static func time(_ text: String) -> String {
    "parseDateTime64BestEffortOrNull(\(text), 6, 'UTC')"
  }
}
