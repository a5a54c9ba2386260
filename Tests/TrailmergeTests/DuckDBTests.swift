import Foundation
import TestSupport
import Testing

/// What DuckDB reads with the definitions.
struct DuckDBTests {
  @Test(
    "DuckDB reads every output with the definitions, account ids whole",
    .needs(.duckDB))
  func duckDBReadsDataset() throws {
    let folder = try TemporaryFolder()
    try makeDataset(in: folder)
    let definitions = try trailmerge("ddl", "duckdb", "it's here", in: folder.url)
    #expect(definitions.status == 0)
    _ = try folder.write(definitions.output, to: "tables.sql")
    let answer = try duckDB(
      """
      import duckdb
      c = duckdb.connect()
      c.execute(open('tables.sql').read())
      for view in ['events_ndjson', 'events_csv', 'events_small', 'events_flat']:
        print(view, c.execute(f'select count(*), count(distinct eventTime) > 1 from {view}').fetchone())
      print(c.execute("select min(length(account)), max(length(account)), typeof(any_value(dt)) from events_ndjson").fetchone())
      print(c.execute("select count(*) from events_ndjson where account <> recipientAccountId").fetchone())
      print(c.execute("select count(*) from events_ndjson where json_type(userIdentity) <> 'OBJECT'").fetchone())
      """, in: folder.url)
    #expect(
      answer == """
        events_ndjson (300, True)
        events_csv (300, True)
        events_small (300, True)
        events_flat (300, True)
        (12, 12, 'VARCHAR')
        (0,)
        (0,)

        """)
  }

  @Test(
    "DuckDB reads the dataset at its own path and no other",
    .needs(.duckDB),
    arguments: ["a [2026-10]", "a*", "a?", "[ab]c", "[!a]b", "**", "env=prod", "x{1,2} 'q'"])
  func duckDBPaths(name: String) throws {
    let folder = try TemporaryFolder()
    try makeNeighbours(["a2", "axx", "ac", "bb", name], in: folder)
    let definitions = try trailmerge("ddl", "duckdb", "\(name)/out", in: folder.url)
    _ = try folder.write(definitions.output, to: "tables.sql")
    let answer = try duckDB(
      """
      import duckdb
      c = duckdb.connect()
      c.execute(open('tables.sql').read())
      for view in ['events_ndjson', 'events_flat']:
        print(*c.execute(f'select count(*), any_value(eventID) from {view}').fetchone())
        print('env' in [row[0] for row in c.execute(f'describe {view}').fetchall()])
      """, in: folder.url)
    #expect(answer == String(repeating: "1 \(name)\nFalse\n", count: 2))
  }

  @Test("who acted is the same in DuckDB's typed view as in a CSV", .needs(.duckDB))
  func typedView() throws {
    let folder = try TemporaryFolder()
    try makeDataset(in: folder)
    let definitions = try trailmerge("ddl", "duckdb", "it's here", in: folder.url)
    _ = try folder.write(definitions.output, to: "tables.sql")
    let answer = try duckDB(
      """
      import duckdb
      c = duckdb.connect()
      c.execute(open('tables.sql').read())
      print(c.execute("select count(distinct actor) > 3, typeof(any_value(eventTime)), typeof(any_value(readOnly)) from events_ndjson_typed").fetchone())
      small = "select ltrim(actor, chr(39)) from events_small"
      print(c.execute(f"select count(*) from (select ltrim(actor, chr(39)) from events_ndjson_typed except all {small})").fetchone())
      print(c.execute("select count(*) from events_ndjson where record->>'eventID' <> eventID").fetchone())
      """, in: folder.url)
    #expect(answer == "(True, 'TIMESTAMP', 'BOOLEAN')\n(0,)\n(0,)\n")
  }
}
