/// A script for pandas 2 or later on Python 3.11 or later.
enum PandasTables: TableEngine {
  static let name = "pandas"
  static let commentMark = "#"

  static func script(
    for tables: [TableDescription], _ options: TableOptions
  ) throws(TableError) -> String {
    let head = comments([
      "Needs pandas 2 and Python 3.11 or later. Save it as tables.py, then: from tables import *",
      "It reads all records into memory. Bytes that are not UTF-8, and halves of surrogate pairs,",
      "become U+FFFD.",
    ])
    return head + (try PythonScript.text(for: tables, package, options))
  }

  private static let package = PythonScript.Package(
    imports: "import pandas as pd",
    frame: #"""
      def frame(rows, columns, kinds):
          table = pd.DataFrame({name: pd.Series([row.get(name) for row in rows],
                                                dtype="object" if name in kinds else "string")
                                for name in columns})
          for name, kind in kinds.items():
              if kind == "time":
                  table[name] = pd.to_datetime(table[name], utc=True, errors="coerce")
              else:
                  table[name] = table[name].astype("boolean")
          return table
      """#,
    csv: #"""
      def csv(folder, pattern, columns, keys):
          """Rows of text; an empty field is an empty text."""
          frames = [pd.read_csv(path, header=0, names=columns, dtype=str, keep_default_na=False,
                                encoding="utf-8-sig").assign(**values)
                    for path, values in files(folder, pattern)]
          return pd.concat(frames, ignore_index=True)[columns + keys]
      """#)
}
