import Bytes
import CloudTrail
import Writing

/// External tables for Spark 3.4 or later.
///
/// https://spark.apache.org/docs/latest/sql-ref-syntax-ddl-create-table-datasource.html
enum SparkTables: TableEngine {
  static let name = "spark"

  static func definition(
    of table: TableDescription, _ options: TableOptions
  ) throws(TableError) -> String {
    let root = try options.root(of: table)
    let columns = table.columns { $0 }.map { column in
      "  \(column.name.quoted("`")) \(column.kind == .boolean ? "BOOLEAN" : "STRING")"
    }
    let keys = table.keys.map { "  \($0.rawValue) STRING" }
    let (source, options) = reading(table.shape)
    var statement = """
      CREATE TABLE IF NOT EXISTS \(table.name) (
      \((columns + keys).joined(separator: ",\n")))
      USING \(source)
      OPTIONS (\(options)\(globOption(table, root)))
      """
    if !table.keys.isEmpty {
      let names = table.keys.map(\.rawValue).joined(separator: ", ")
      statement += "\nPARTITIONED BY (\(names))"
    }
    statement += "\nLOCATION \(text("\(root)/\(table.folder)"));"
    guard !table.keys.isEmpty else { return statement }
    return statement + """


      -- Again after every run that adds partitions:
      MSCK REPAIR TABLE \(table.name);
      """
  }

  /// Spark's name for the shape, and the options that read it right.
  private static func reading(_ shape: TableShape) -> (source: String, options: String) {
    switch shape {
    case .jsonLines: ("json", "mode 'FAILFAST'")
    case .delimited:
      (
        "csv",
        "header 'true', enforceSchema 'true', multiLine 'true', quote '\"', escape '\"', "
          + "maxCharsPerColumn '-1', mode 'FAILFAST'"
      )
    }
  }

  /// Without partitions, Spark takes the location for a glob unless an option says that it is none.
  private static func globOption(_ table: TableDescription, _ root: String) -> String {
    guard table.keys.isEmpty, root.first(of: "*?[]{}\\") != nil else { return "" }
    return ", `__globPaths__` 'false'"
  }

  /// A text literal; `${…}` would be the value of a setting.
  private static func text(_ text: String) -> String {
    text.hiveLiteral.replacing("${", with: "\\u0024{")
  }
}
