/// A script for Polars 1 or later on Python 3.11 or later.
enum PolarsTables: TableEngine {
  static let name = "polars"
  static let commentMark = "#"

  static func script(
    for tables: [TableDescription], _ options: TableOptions
  ) throws(TableError) -> String {
    let head = comments([
      "Needs Polars 1 and Python 3.11 or later. Save it as tables.py, then: from tables import *",
      "Tables of records are in memory, those of csv outputs are lazy: .collect() reads them.",
      "Bytes that are not UTF-8, and halves of surrogate pairs, become U+FFFD.",
    ])
    return head + (try PythonScript.text(for: tables, package, options))
  }

  private static let package = PythonScript.Package(
    imports: "import polars as pl",
    frame: #"""
      def frame(rows, columns, kinds):
          types = {"time": pl.Datetime("us", "UTC"), "boolean": pl.Boolean}
          return pl.DataFrame({name: pl.Series([row.get(name) for row in rows],
                                               dtype=types.get(kinds.get(name), pl.String))
                               for name in columns})
      """#,
    csv: #"""
      def csv(folder, pattern, columns, keys):
          """Rows of text; an empty field is null."""
          frames = [pl.scan_csv(path, glob=False, infer_schema=False, new_columns=columns)
                    .with_columns(pl.lit(value, dtype=pl.String).alias(key)
                                  for key, value in values.items())
                    for path, values in files(folder, pattern)]
          return pl.concat(frames).select(columns + keys)
      """#)
}
