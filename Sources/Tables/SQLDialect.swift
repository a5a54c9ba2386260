import CloudTrail

/// How an engine writes the few things in which the SQL of engines differs.
protocol SQLDialect {
  /// A name of a column.
  static func name(_ name: String) -> String

  /// A text literal.
  static func text(_ text: String) -> String

  /// The text at a path inside of a column with JSON; NULL or an empty text if there is none.
  static func field(_ column: String, _ path: [String]) -> String

  /// What the first group of a regular expression matches; NULL or an empty text if it does not.
  static func match(_ text: String, _ pattern: String) -> String

  /// A text such as `2026-11-19T08:30:00Z` as an instant; NULL if it is none.
  static func time(_ text: String) -> String
}

extension SQLDialect {
  /// The expression as SQL; nothing is NULL.
  static func sql(_ expression: Expression) -> String {
    switch expression {
    case .column(let column): "nullif(\(qualified(column)), '')"
    case .field(let column, let path): "nullif(\(field(qualified(column), path)), '')"
    case .text(let literal): text(literal)
    case .first(let all): "coalesce(\(all.map(sql).joined(separator: ", ")))"
    case .joined(let all): "(\(all.map(sql).joined(separator: " || ")))"
    case .match(let expression, let pattern):
      "nullif(\(match(sql(expression), pattern)), '')"
    case .choice(let choices):
      "CASE " + choices.map { "WHEN \(sql($0.condition)) THEN \(sql($0.value)) " }.joined() + "END"
    }
  }

  private static func sql(_ condition: Expression.Condition) -> String {
    switch condition {
    case .isThere(let expression): "\(sql(expression)) IS NOT NULL"
    case .equals(let expression, let literal): "\(sql(expression)) = \(text(literal))"
    case .isNot(let expression, let literal):
      "coalesce(\(sql(expression)), '') <> \(text(literal))"
    }
  }

  private static func sql(_ column: TypedColumn) -> String {
    switch column.kind {
    case .text: sql(column.value)
    case .time: time(sql(column.value))
    case .boolean: "CASE \(sql(column.value)) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END"
    }
  }

  /// Without its table, a name may mean the column that is being made.
  private static func qualified(_ column: String) -> String { "t.\(name(column))" }

  /// The query of a typed view.
  ///
  /// - Parameters:
  ///   - table: A table with records.
  ///   - source: What the engine calls its view.
  ///   - adapt: As for `TableDescription.columns(named:)`.
  ///   - more: Columns that the engine's view has beside those of the table.
  /// - Returns: The query, without an end.
  static func typedQuery(
    of table: TableDescription, from source: String, named adapt: (String) -> String = { $0 },
    more: [String] = []
  ) -> String {
    let view = TypedView(of: table.family)
    let taken = Set((view.columns + view.parts).map { adapt($0.name) })
    let rest = table.columns(named: adapt).map(\.name).filter { !taken.contains($0) }
    let parts = view.parts.map { ",\n    \(sql($0)) AS \(name(adapt($0.name)))" }
    var columns = view.columns.map { "  \(sql($0)) AS \(name(adapt($0.name)))" }
    columns += view.parts.map { "  \(qualified(adapt($0.name)))" }
    columns += (rest + more + table.keys.map(\.rawValue)).map { "  \(qualified($0))" }
    let inner =
      parts.isEmpty
      ? "\(source) AS t" : "(\n  SELECT t.*\(parts.joined())\n  FROM \(source) AS t) AS t"
    return "SELECT\n\(columns.joined(separator: ",\n"))\nFROM \(inner)"
  }
}
