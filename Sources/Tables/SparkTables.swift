import Bytes
import CloudTrail
import Writing

/// External tables for Spark 3.4 or later, or views of a session, which need no catalogue.
///
/// https://spark.apache.org/docs/latest/sql-ref-syntax-ddl-create-table-datasource.html
enum SparkTables: TableEngine {
  static let name = "spark"
  static let choices: Set<TableOptions.Choice> = [.temporary]

  static func script(
    for tables: [TableDescription], _ options: TableOptions
  ) throws(TableError) -> String {
    try tables.map { (table) throws(TableError) in
      let root = try options.root(of: table)
      let definition =
        options.areTemporary ? temporaryView(of: table, root) : self.table(table, root)
      let text = comments(notes(table, root)) + definition
      guard let typed = table.typedName else { return text }
      let query = SparkSQL.typedQuery(of: table, from: table.name, more: more(table))
      let view = options.areTemporary ? "TEMPORARY VIEW" : "VIEW"
      return "\(text)\n\nCREATE OR REPLACE \(view) \(typed) AS\n\(query);"
    }.joined(separator: "\n\n")
  }

  private static func notes(_ table: TableDescription, _ root: String) -> [String] {
    var notes: [String] = []
    if root.hasPrefix("s3://") { notes.append("Open-source Spark calls this place s3a://….") }
    guard table.holdsRecords else { return notes }
    notes.append("Fields that are no columns here are not shown. Of two of one name the last is.")
    if table.textFlaws.recordCount > 0 {
      let count = counted(table.textFlaws.recordCount, "record")
      notes += [
        "Spark may refuse \(count) of these: half a surrogate pair, or bytes that are not UTF-8.",
        "Fields are ? or NULL then, and \(corrupt) has the record. An output with text:",
        "repaired, or a csv output, has all.",
      ]
    }
    return notes
  }

  /// The column that shows records which Spark refuses.
  private static let corrupt = "_corrupt_record"

  private static func more(_ table: TableDescription) -> [String] {
    table.textFlaws.recordCount > 0 ? [corrupt] : []
  }

  private static func columns(_ table: TableDescription) -> String {
    let names = table.columns { $0 }.map(\.name) + more(table) + table.keys.map(\.rawValue)
    return names.map { "  \(SparkSQL.name($0)) STRING" }.joined(separator: ",\n")
  }

  private static func table(_ table: TableDescription, _ root: String) -> String {
    let (source, options) = reading(table)
    var statement = """
      DROP TABLE IF EXISTS \(table.name);
      CREATE TABLE \(table.name) (
      \(columns(table)))
      USING \(source)
      OPTIONS (\((options + globOption(table, root)).joined(separator: ", ")))
      """
    let keys = table.keys.map(\.rawValue).joined(separator: ", ")
    if !table.keys.isEmpty { statement += "\nPARTITIONED BY (\(keys))" }
    statement += "\nLOCATION \(SparkSQL.text("\(root)/\(table.folder)"));"
    guard !table.keys.isEmpty else { return statement }
    return statement + """


      -- Again after every run that adds partitions:
      MSCK REPAIR TABLE \(table.name);
      """
  }

  private static func temporaryView(of table: TableDescription, _ root: String) -> String {
    let (source, options) = reading(table)
    let path = "path \(SparkSQL.text("\(root)/\(table.folder)"))"
    // Here the path is a glob with partitions too.
    let glob = root.first(of: SparkTables.globMarks) == nil ? [] : [SparkTables.noGlob]
    return """
      CREATE OR REPLACE TEMPORARY VIEW \(table.name) (
      \(columns(table)))
      USING \(source)
      OPTIONS (\(([path] + options + glob).joined(separator: ", ")));
      """
  }

  /// Spark's name for the shape, and the options that read it right.
  private static func reading(_ table: TableDescription) -> (source: String, options: [String]) {
    switch table.shape {
    case .jsonLines:
      let limits = ["maxNestingDepth", "maxNumLen", "maxStringLen"].map { "\($0) '1073741824'" }
      let mode =
        more(table).isEmpty
        ? ["mode 'FAILFAST'"]
        : ["mode 'PERMISSIVE'", "columnNameOfCorruptRecord '\(corrupt)'"]
      return ("json", mode + limits)
    case .delimited:
      return (
        "csv",
        [
          "header 'true'", "enforceSchema 'true'", "multiLine 'true'", "quote '\"'",
          "escape '\"'",
          // Else a CR LF inside of a field becomes LF.
          "lineSep '\\r\\n'", "maxCharsPerColumn '-1'", "mode 'FAILFAST'",
          // Else a column of that name is taken for the place of records that cannot be read.
          "columnNameOfCorruptRecord \(SparkSQL.text(unusedName(table)))",
        ]
      )
    }
  }

  /// A name that no column has.
  private static func unusedName(_ table: TableDescription) -> String {
    let taken = Set(table.columns { $0 }.map { $0.name.lowercased() })
    var name = corrupt
    while taken.contains(name) { name += "_" }
    return name
  }

  /// Without partitions, Spark takes the location for a glob unless an option says that it is none.
  private static func globOption(_ table: TableDescription, _ root: String) -> [String] {
    table.keys.isEmpty && root.first(of: globMarks) != nil ? [noGlob] : []
  }

  private static let globMarks = "*?[]{}\\"
  private static let noGlob = "`__globPaths__` 'false'"
}

enum SparkSQL: SQLDialect {
  static func name(_ name: String) -> String { name.quoted("`") }

  /// `${…}` would be the value of a setting.
  static func text(_ text: String) -> String {
    text.hiveLiteral.replacing("${", with: "\\u0024{")
  }

  static func field(_ column: String, _ path: [String]) -> String {
    "get_json_object(\(column), '$.\(path.joined(separator: "."))')"
  }

  static func match(_ text: String, _ pattern: String) -> String {
    "regexp_extract(\(text), '\(pattern)', 1)"
  }

  static func time(_ text: String) -> String { "try_cast(\(text) AS TIMESTAMP)" }
}
