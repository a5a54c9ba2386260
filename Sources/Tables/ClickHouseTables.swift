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

  static func definition(
    of table: TableDescription, _ options: TableOptions
  ) throws(TableError) -> String {
    let root = try options.root(of: table)
    if let wildcard = root.first(of: "*?{") {
      throw TableError(
        location: root, reason: "to ClickHouse \(wildcard) is a wildcard, which nothing escapes")
    }
    let glob = "\(root)/\(table.folder)/\(table.keys.isEmpty ? "" : "**/")\(table.fileGlob)"
    let columns = table.columns { $0 }
    let structure = columns.map { "\($0.name.quoted("`")) \(type($0.kind, table.shape))" }
      .joined(separator: ", ")
    let (format, settings) = reading(table.shape)
    let compression = table.isCompressed ? "gzip" : "none"
    let source =
      glob.hasPrefix("s3://") || glob.hasPrefix("https://")
      ? "s3(\(text(glob)), '\(format)', \(text(structure)), '\(compression)')"
      : "file(\(text(glob)), '\(format)', \(text(structure)), '\(compression)')"
    let keys = table.keys.map { key in
      ",\n  decodeURLComponent(extract(_path, '.*/\(key.rawValue)=([^/]*)/')) AS \(key.rawValue)"
    }
    return """
      CREATE OR REPLACE VIEW \(table.name) AS
      SELECT *\(keys.joined())
      FROM \(source)
      SETTINGS use_hive_partitioning = 0, \(settings.joined(separator: ", "));
      """
  }

  /// ClickHouse's name for the shape, and the settings that read it right.
  private static func reading(_ shape: TableShape) -> (format: String, settings: [String]) {
    switch shape {
    case .jsonLines:
      (
        "JSONEachRow",
        ["input_format_json_read_objects_as_strings = 1", "input_format_skip_unknown_fields = 1"]
      )
    case .delimited:
      (
        "CSVWithNames",
        ["input_format_with_names_use_header = 0", "input_format_csv_detect_header = 0"]
      )
    }
  }

  private static func type(_ kind: TableDescription.Kind, _ shape: TableShape) -> String {
    switch (kind, shape) {
    case (.boolean, _): "Nullable(Bool)"
    case (.text, .jsonLines), (.json, .jsonLines): "Nullable(String)"
    case (.text, .delimited), (.json, .delimited): "String"
    }
  }

  /// A text literal; a backslash begins an escape.
  private static func text(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").quoted("'")
  }
}
