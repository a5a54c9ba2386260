import CloudTrail
import Reading
import TestSupport
import Testing

/// Every small record against every short path, with each kind of test.
struct RuleLanguageTests {
  private static let paths = [
    "a", "a.a", "a.b", "a[0]", "a[1]", "a.a.a", "a.a[0]", "a[0].a", "a[1].a", "a[0][0]",
    "a[0].a[0]",
    "a.a[1]", "b", "b.a",
  ]

  /// All values that two steps of nesting make out of some scalars.
  private static let values: [String] = {
    let scalars = ["null", "1", #""x""#, #""\u0078""#, "{}", "[]"]
    func nested(_ values: [String]) -> [String] {
      values.map { "{\"a\":\($0)}" } + values.map { "[\($0)]" } + values.map { "[null,\($0)]" }
        + values.map { "{\"a\":\($0),\"a\":\"x\"}" }
    }
    let once = nested(scalars)
    return scalars + once + nested(once)
  }()

  @Test(arguments: paths)
  func `every small record is judged as the model judges it`(path: String) throws {
    let parsed = try FieldPath(parsing: path)
    let records = Self.values.enumerated().map { record("\($0)", more: "\"a\":\($1)") }
    let tests: [(name: String, test: RecordRule.Test)] = [
      ("x", .matches([Glob("x")])), ("*", .matches([Glob("*")])), ("1", .matches([Glob("1")])),
      ("absent", .isAbsent),
    ]
    for (name, test) in tests {
      let tree = try ReadTree(records.joined(separator: "\n")) {
        let condition = RecordRule.Condition(path: parsed, test: test)
        $0.include = [RecordRule(text: path, conditions: [condition])]
      }
      let taken = Set(tree.records)
      for record in records {
        let texts = try RuleModel(record).texts(at: parsed.steps[...])
        let expected =
          switch name {
          case "absent": texts.isEmpty
          case "*": texts.contains { $0 != nil }
          default: texts.contains(name)
          }
        if taken.contains(record) != expected {
          Issue.record("\(path), \(name): \(expected ? "does not take" : "takes") \(record)")
          return
        }
      }
    }
  }
}

/// The values that a path leads to, found in a parsed record.
private struct RuleModel {
  let json: OracleJSON

  init(_ record: String) throws {
    json = try OracleJSON(Array(record.utf8))
  }

  /// The text of each value that is not null, and of each element where it is an array; nil for what
  /// has no text.
  func texts(at steps: ArraySlice<FieldPath.Step>) -> [String?] {
    values(steps, from: 0).flatMap { node -> [String?] in
      let elements = json.elements(node).filter { json.nodes[$0].kind != .array }
      return [text(node)] + elements.map { text($0) }
    }
  }

  private func text(_ node: Int) -> String? {
    switch json.nodes[node].kind {
    case .object, .array: nil
    case .string: json.string(node).map { String(decoding: $0, as: UTF8.self) }
    case .number: String(decoding: json.text(node), as: UTF8.self)
    case .literal: isNull(node) ? nil : String(decoding: json.text(node), as: UTF8.self)
    }
  }

  private func isNull(_ node: Int) -> Bool { json.text(node) == Array("null".utf8) }

  private func values(_ steps: ArraySlice<FieldPath.Step>, from node: Int) -> [Int] {
    let isArray = json.nodes[node].kind == .array
    switch steps.first {
    case nil: return isNull(node) ? [] : [node]
    case .index(let index):
      let elements = json.elements(node)
      guard isArray, elements.indices.contains(index) else { return [] }
      return values(steps.dropFirst(), from: elements[index])
    case .key where isArray:
      let elements = json.elements(node).filter { json.nodes[$0].kind != .array }
      return elements.flatMap { values(steps, from: $0) }
    case .key(let name):
      let value = json.value(of: String(decoding: name, as: UTF8.self), in: node)
      return value.map { values(steps.dropFirst(), from: $0) } ?? []
    }
  }
}
