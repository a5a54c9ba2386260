import Bytes
import CloudTrail
import Writing

/// External tables for Spark 3.4 or later.
///
/// https://spark.apache.org/docs/latest/sql-ref-syntax-ddl-create-table-datasource.html
enum SparkTables: TableEngine {
  static let name = "spark"

  static func definition(of table: TableDescription, _ options: TableOptions) -> String {
    let root = options.location ?? table.dataset.description
    let columns = table.columns { $0 }.map { column in
      "  \(column.name.quoted("`")) \(column.kind == .boolean ? "BOOLEAN" : "STRING")"
    }
    let keys = table.keys.map { "  \($0.rawValue) STRING" }
    let (source, options) = reading(table.shape)
    var statement = """
      CREATE TABLE IF NOT EXISTS \(table.name) (
      \((columns + keys).joined(separator: ",\n")))
      USING \(source)
      OPTIONS (\(options))
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

  /// A text literal; a backslash begins an escape.
  private static func text(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}
