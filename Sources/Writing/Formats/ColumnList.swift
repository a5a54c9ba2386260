import CloudTrail

/// The columns of formats that write records as rows.
enum ColumnList {
  /// Whether a text is a column.
  static func isColumn(_ text: String) -> Bool { (try? Column(parsing: text)) != nil }

  /// What is wrong with texts that each are a column; nil if nothing is.
  static func problem(_ texts: [String]) -> String? {
    if texts.isEmpty { return "expected at least one column" }
    do throws(ColumnError) {
      _ = try Column.list(parsing: texts)
      return nil
    } catch {
      return error.description
    }
  }

  /// The columns that the texts name; at the end those that say where a record comes from, if they are
  /// asked for and not named.
  static func columns(
    _ texts: [String], withProvenance: Bool
  ) throws(ColumnError) -> [Column] {
    var columns = try Column.list(parsing: texts)
    guard withProvenance else { return columns }
    for provenance in Column.Provenance.allCases
    where !columns.contains(where: { $0.name == provenance.rawValue }) {
      columns.append(Column(.provenance(provenance), name: provenance.rawValue))
    }
    return columns
  }

  /// Whether a column says where its record comes from.
  static func needOrigin(_ columns: [Column]) -> Bool {
    columns.contains { column in
      if case .provenance = column.content { true } else { false }
    }
  }
}
