import CloudTrail
import Testing

struct ColumnTests {
  private func steps(_ text: String) throws -> [FieldPath.Step] {
    guard case .field(let path) = try Column(parsing: text).content else { return [] }
    return path.steps
  }

  private func key(_ name: String) -> FieldPath.Step { .key(Array(name.utf8)) }

  @Test func `dots lead into objects and brackets into arrays`() throws {
    #expect(try steps("eventName") == [key("eventName")])
    #expect(try steps("a.b.c") == [key("a"), key("b"), key("c")])
    #expect(try steps("resources[0].ARN") == [key("resources"), .index(0), key("ARN")])
    #expect(try steps("a[2][13]") == [key("a"), .index(2), .index(13)])
  }

  @Test func `quotes hold names with dots, and are JSON strings`() throws {
    #expect(try steps(#"requestParameters."x.y""#) == [key("requestParameters"), key("x.y")])
    #expect(try steps(#""a b"."say \"hi\"""#) == [key("a b"), key(#"say "hi""#)])
    #expect(try steps(#""caf\u00e9"[1]"#) == [key("café"), .index(1)])
    #expect(try steps("aws:eks:cluster-name") == [key("aws:eks:cluster-name")])
  }

  @Test(arguments: [
    ("eventName", "eventName"), ("  eventName  ", "eventName"),
    ("requestParameters.bucketName as bucket", "bucket"),
    ("a.b  as   the name ", "the name"), ("a AS b", "b"), (#"a as "b, c""#, "b, c"),
    (#"a."x.y""#, #"a."x.y""#), ("as", "as"), ("as as as", "as"), ("actor as who", "who"),
  ])
  func `the header is the name, or the path as it was written`(text: String, name: String) throws {
    #expect(try Column(parsing: text).name == name)
  }

  @Test func `special columns go by their bare names`() throws {
    for derived in DerivedColumn.allCases {
      #expect(try Column(parsing: derived.rawValue).content == .derived(derived))
    }
    #expect(try Column(parsing: "otherFields as rest").content == .otherFields)
    #expect(try Column(parsing: "_source").content == .provenance(.source))
    #expect(try Column(parsing: "_index").content == .provenance(.index))
    #expect(try steps(#""actor""#) == [key("actor")])
    #expect(try steps("actor.name") == [key("actor"), key("name")])
  }

  @Test(arguments: [
    ("", 1), ("   ", 4), ("a..b", 3), (".a", 1), ("a.", 3), ("[0]", 1), ("a[x]", 2), ("a[-1]", 2),
    ("a[0", 2), ("a[]", 2), ("a[0]b", 5), ("a]", 2), (#"a."b"#, 3), (#""""#, 1), (#"a"b""#, 2),
    ("a b", 3), ("a as", 5), ("a as b\u{01}", 7), (#"é."x"#, 3), (#""\x""#, 1),
    (#"a as "b" c"#, 10), ("a[99999999999999999999]", 2),
  ])
  func `an error names the character where it went wrong`(text: String, character: Int) {
    #expect {
      try Column(parsing: text)
    } throws: { error in
      (error as? ColumnError)?.character == character
        && "\(error)".hasPrefix("column '\(text)', character \(character): ")
    }
  }

  @Test func `two columns of one name are an error of the list`() throws {
    #expect(throws: ColumnError.self) { try Column.list(parsing: []) }
    #expect(try Column.list(parsing: ["a", "a as b", "A"]).map(\.name) == ["a", "b", "A"])
    #expect {
      try Column.list(parsing: ["a.b", "eventName as a.b"])
    } throws: { error in
      "\(error)"
        == "column 'eventName as a.b': 'a.b' is already called 'a.b'; give one another name with 'as NAME'"
    }
  }

  @Test func `the default columns are those of the documentation`() throws {
    #expect(Column.defaults.count == 31)
    #expect(try Column.list(parsing: Column.defaults).map(\.name) == Column.defaults)
    #expect(Column.defaults.first == "eventTime" && Column.defaults.last == "eventVersion")
  }
}
