import CloudTrail
import Reading
import Testing

struct RecordFilterTests {
  private func rule(_ conditions: (path: String, globs: [String])...) throws -> RecordRule {
    RecordRule(
      text: conditions.map(\.path).joined(separator: ", "),
      conditions: try conditions.map {
        RecordRule.Condition(
          path: try FieldPath(parsing: $0.path), test: .matches($0.globs.map { Glob($0) }))
      })
  }

  /// Whether a record with `members` is taken when a field must be missing or null.
  private func isAbsent(_ members: String, _ path: String) throws -> Bool {
    let condition = RecordRule.Condition(path: try FieldPath(parsing: path), test: .isAbsent)
    let tree = try ReadTree(record("1", more: members)) {
      $0.include = [RecordRule(text: "absent: \(path)", conditions: [condition])]
    }
    return tree.records.count == 1
  }

  /// Whether a record with `members` matches a rule of one condition.
  private func matches(_ members: String, _ path: String, _ globs: [String]) throws -> Bool {
    let tree = try ReadTree(record("1", more: members)) {
      $0.include = [try rule((path, globs))]
    }
    return tree.records.count == 1
  }

  @Test(
    arguments: [
      (#""eventName":"GetObject""#, "eventName", ["Put*", "Get*"]),
      (#""readOnly":true"#, "readOnly", ["true"]),
      (#""limit":1.50"#, "limit", ["1.50"]),
      (#""userIdentity":{"type":"Root"}"#, "userIdentity.type", ["Root"]),
      (#""eventN\u0061me":"G\u0065t\/""#, "eventName", ["Get/"]),
      (#""tags":["a","b"]"#, "tags", ["b"]),
      (#""resources":[{"type":"x"},{"ARN":"arn:1"}]"#, "resources.ARN", ["arn:*"]),
      (#""resources":[{"type":"x"},{"ARN":"arn:1"}]"#, "resources[1].ARN", ["arn:*"]),
      (#""a":[{"b":[{"c":null},{"c":[1,2]}]}]"#, "a.b.c", ["2"]),
      (#""a":[{"b":["x","y"]}]"#, "a.b[1]", ["y"]),
      (#""errorMessage":"""#, "errorMessage", [""]),
      (
        #""requestParameters":{"kubernetes.io/name":"n"}"#,
        #"requestParameters."kubernetes.io/name""#, ["n"]
      ),
    ])
  func `a condition holds`(_ members: String, _ path: String, _ globs: [String]) throws {
    #expect(try matches(members, path, globs))
  }

  @Test(
    arguments: [
      (#""eventName":"GetObject""#, "eventName", ["get*", "Get"]),
      (#""eventName":"GetObject""#, "eventname", ["*"]),
      (#""errorCode":null"#, "errorCode", ["*"]),
      (#""x":1"#, "errorCode", ["*", ""]),
      (#""userIdentity":{"type":"Root"}"#, "userIdentity", ["*"]),
      (#""userIdentity":"Root""#, "userIdentity.type", ["*"]),
      (#""tags":[]"#, "tags", ["*"]),
      (#""tags":[["a"]]"#, "tags", ["a"]),
      (#""tags":["a"],"x":"b""#, "tags", ["b", "x"]),
      (#""resources":[{"ARN":"1"}],"x":[{"ARN":"2"}]"#, "resources.ARN", ["2"]),
      (#""resources":[{"ARN":"arn:1"}]"#, "resources[1].ARN", ["arn:*"]),
      (#""a":"first","a":"second""#, "a", ["second"]),
      (#""readOnly":true"#, "readOnly", [#""true""#]),
    ])
  func `a condition does not hold`(_ members: String, _ path: String, _ globs: [String]) throws {
    #expect(try !matches(members, path, globs))
  }

  @Test(
    arguments: [
      (#""x":1"#, "errorCode"), (#""errorCode":null"#, "errorCode"),
      (#""errorCode":"a""#, "errorCode.b"), (#""a":{}"#, "a.b"), (#""a":{"b":null}"#, "a.b"),
      (#""a":null"#, "a.b"), (#""a":[]"#, "a.b"), (#""a":[{"c":1},{"b":null},7]"#, "a.b"),
      (#""a":[1]"#, "a[1]"), (#""a":[1,null]"#, "a[1]"), (#""a":[{"b":[0]}]"#, "a.b[1]"),
      (#""a":{"0":1}"#, "a[0]"), (#""a":null,"a":1"#, "a"), (#""A":1"#, "a"),
    ])
  func `a field is absent`(_ members: String, _ path: String) throws {
    #expect(try isAbsent(members, path), "\(path) counts as there in {\(members)}")
  }

  @Test(
    arguments: [
      (#""errorCode":"""#, "errorCode"), (#""errorCode":"null""#, "errorCode"),
      (#""errorC\u006fde":"\u0061""#, "errorCode"), (#""a":false"#, "a"), (#""a":0"#, "a"),
      (#""a":{}"#, "a"), (#""a":[]"#, "a"), (#""a":[null]"#, "a"), (#""a":[[]]"#, "a"),
      (#""a":{"b":{}}"#, "a.b"), (#""a":[{"b":null},{"b":[]}]"#, "a.b"),
      (#""a":[0,{"b":[{"c":""}]}]"#, "a.b.c"), (#""a":[null,0]"#, "a[1]"),
      (#""a":[{"b":[0,1]}]"#, "a.b[1]"), (#""absent":1"#, "absent"),
    ])
  func `a field is not absent`(_ members: String, _ path: String) throws {
    #expect(try !isAbsent(members, path), "\(path) counts as absent in {\(members)}")
  }

  @Test func `arrays nested deep do not overflow the stack`() throws {
    let deep = String(repeating: "[", count: 50_000) + String(repeating: "]", count: 50_000)
    #expect(try !matches(#""tags":\#(deep)"#, "tags", ["a"]))
    let objects =
      String(repeating: #"[{"a":"#, count: 20_000) + "1" + String(repeating: "}]", count: 20_000)
    #expect(try !matches(#""tags":\#(objects)"#, "tags.a", ["1"]))
  }

  @Test func `each record is counted under the first test that leaves it out`() throws {
    let records = [
      record("early", at: "2026-11-18T23:59:59.999Z"), record("from", at: "2026-11-19T00:00:00Z"),
      record("late", at: "2026-11-20T00:00:00Z"), record("last", at: "2026-11-20T00:59:59+01:00"),
      record("noise", at: "2026-11-19T08:00:00Z", more: #""eventName":"Decrypt","readOnly":true"#),
      record("write", at: "2026-11-19T08:00:00Z", more: #""eventName":"Decrypt","readOnly":false"#),
      record("again", at: "2026-11-19T08:00:00Z", more: #""eventName":"Skip""#),
      #"{"eventID":"r","eventTime":"never","eventName":"Decrypt"}"#,
    ]
    var reasons: [String] = []
    let tree = try ReadTree(records.joined(separator: "\n")) { filter in
      filter.from = 1_795_046_400
      filter.to = 1_795_132_800
      filter.exclude = [
        try rule(("eventName", ["Decrypt"]), ("readOnly", ["true"])),
        try rule(("eventName", ["S*"])),
      ]
      reasons = filter.reasons
    }
    let outcome = try #require(tree.outcome)
    let counts = outcome.filteredCounts.enumerated().filter { $0.element > 0 }
      .map { "\(reasons[$0.offset]) \($0.element)" }
    #expect(tree.records == [records[1], records[3], records[5]])
    #expect(
      counts == ["from/to 2", "exclude: {eventName, readOnly} 1", "exclude: {eventName} 1"])
    #expect(outcome.recordCount == 8 && outcome.filteredCount == 4 && outcome.rejectedCount == 1)
  }

  @Test func `accounts and regions are those of the partition`() throws {
    let name = "AWSLogs/111111111111/CloudTrail/us-east-1/2026/11/19/x.json"
    let own = record("own")
    let fromPath = #"{"eventID":"path","eventTime":"2026-11-19T08:00:00Z"}"#
    let text = #"{"Records":[\#(own),\#(fromPath)]}"#
    func ids(_ change: (inout RecordFilter) -> Void) throws -> [String] {
      try ReadTree(text, name: name) { change(&$0) }.records
    }
    #expect(try ids { $0.accounts = [Glob("0*")] } == [own])
    #expect(try ids { $0.accounts = [Glob("111111111111")] } == [fromPath])
    #expect(try ids { $0.regions = [Glob("us-*")] } == [fromPath])
    #expect(try ids { $0.regions = [Glob("*-1")] } == [own, fromPath])
  }

  @Test func `one rule of the include list must match`() throws {
    let records = ["A", "B", "C"].map { record($0, more: #""eventName":"\#($0)""#) }
    let tree = try ReadTree(records.joined(separator: "\n")) {
      $0.include = [try rule(("eventName", ["A"])), try rule(("eventName", ["C"]))]
    }
    #expect(tree.records == [records[0], records[2]])
    #expect(tree.outcome?.filteredCount == 1)
  }
}
