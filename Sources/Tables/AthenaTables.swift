import Bytes
import CloudTrail
import Writing

/// External tables for Amazon Athena, and views on them.
///
/// LOCATION: https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html. Keys that
/// differ only in case: https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
enum AthenaTables: TableEngine {
  static let name = "athena"
  static let choices: Set<TableOptions.Choice> = [.projection]

  static func script(
    for tables: [TableDescription], _ options: TableOptions
  ) throws(TableError) -> String {
    try tables.map { (table) throws(TableError) in try definition(of: table, options) }
      .joined(separator: "\n\n")
  }

  private static func definition(
    of table: TableDescription, _ options: TableOptions
  ) throws(TableError) -> String {
    let root = options.location ?? "s3://YOUR-BUCKET/YOUR-PREFIX"
    guard root.hasPrefix("s3://") else {
      throw TableError(
        location: root, reason: "Athena reads S3 only", remedy: "use --location s3://BUCKET/…")
    }
    if let wildcard = root.first(of: "*?[]{}") {
      throw TableError(
        location: root, reason: "Athena forbids wildcards in a location, such as \(wildcard)")
    }
    let projection =
      options.projectsPartitions ? AthenaProjection(of: table) : nil
    var notes: [String] = []
    if options.location == nil {
      notes.append("Put the place of the dataset in S3 into LOCATION (--location).")
    }
    if options.projectsPartitions { notes += AthenaProjection.notes(on: table, projection) }
    notes += self.notes(on: table)
    var text = comments(notes) + self.table(table, at: "\(root)/\(table.folder)/", projection)
    if projection == nil && !table.keys.isEmpty {
      text += "\n\n-- Again after every run that adds partitions:\n"
      text += "MSCK REPAIR TABLE `\(table.name)`;"
    }
    guard let typed = table.typedName else { return text }
    let query = AthenaSQL.typedQuery(
      of: table, from: table.name, named: TableDescription.identifier)
    return "\(text)\n\nCREATE OR REPLACE VIEW \(typed) AS\n\(query);"
  }

  private static func table(
    _ table: TableDescription, at location: String, _ projection: AthenaProjection?
  ) -> String {
    let columns = table.columns(named: TableDescription.identifier)
    var statement = """
      DROP TABLE IF EXISTS `\(table.name)`;
      CREATE EXTERNAL TABLE `\(table.name)` (
      \(columns.map { "  `\($0.name)` string" }.joined(separator: ",\n")))
      """
    if !table.keys.isEmpty {
      let keys = table.keys.map { "`\($0.rawValue)` string" }.joined(separator: ", ")
      statement += "\nPARTITIONED BY (\(keys))"
    }
    statement += "\n\(rowFormat(table, columns))\nLOCATION \(location.hiveLiteral)"
    var properties: [(String, String)] = []
    if !table.holdsRecords { properties.append(("skip.header.line.count", "1")) }
    properties += projection?.properties(location: location) ?? []
    if !properties.isEmpty {
      let lines = properties.map { "  '\($0)' = \($1.hiveLiteral)" }
      statement += "\nTBLPROPERTIES (\n\(lines.joined(separator: ",\n")))"
    }
    return statement + ";"
  }

  private static func notes(on table: TableDescription) -> [String] {
    switch table.shape {
    case .jsonLines:
      var notes = ["Fields that are no columns here are not shown."]
      if table.textFlaws.recordCount > 0 {
        let count = counted(table.textFlaws.recordCount, "record")
        notes += [
          "Strict readers refuse \(count) of these: half a surrogate pair, or bytes that are not",
          "UTF-8. Where Athena does too: an output with text: repaired, or a csv output.",
        ]
      }
      return notes
    case .delimited(_, let remedy?):
      return ["A line break in a field ends the row for Athena: \(remedy)."]
    case .delimited: return []
    }
  }

  private static func rowFormat(
    _ table: TableDescription, _ columns: [TableDescription.Column]
  ) -> String {
    switch table.shape {
    case .jsonLines:
      // Real records have keys that differ only in case, such as `tagging` and `Tagging`: taken for
      // one, they are an error. Hive's names of columns are lower case, so each says its key.
      let mappings = zip(columns, table.columns).filter { $0.name != $1.name }
        .map { ",\n  'mapping.\($0.name)' = '\($1.name)'" }
      return """
        ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
        WITH SERDEPROPERTIES (
          'ignore.malformed.json' = 'false',
          'case.insensitive' = 'FALSE'\(mappings.joined()))
        """
    case .delimited:
      // The default escape, a backslash, would be taken out of the fields; RFC 4180 has none, and
      // the SerDe wants one, so it gets a character that does not occur.
      return """
        ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
        WITH SERDEPROPERTIES ('separatorChar' = ',', 'quoteChar' = '"', 'escapeChar' = '\\u0001')
        """
    }
  }
}

enum AthenaSQL: SQLDialect {
  static func name(_ name: String) -> String {
    TableDescription.identifier(name).quoted("\"")
  }

  static func text(_ text: String) -> String { text.quoted("'") }

  static func field(_ column: String, _ path: [String]) -> String {
    "json_extract_scalar(\(column), '$.\(path.joined(separator: "."))')"
  }

  static func match(_ text: String, _ pattern: String) -> String {
    "regexp_extract(\(text), '\(pattern)', 1)"
  }

  static func time(_ text: String) -> String {
    "TRY(CAST(from_iso8601_timestamp(replace(\(text), ' ', 'T')) AT TIME ZONE 'UTC' AS timestamp))"
  }
}
