import Bytes
import CloudTrail
import TestSupport
import Testing

struct FieldCaptureTests {
  /// The text of each path's value in the record; nil if it has none.
  private func values(of paths: [String], in record: String) throws -> [String?] {
    var tree = FieldTree()
    let fields = try paths.map { tree.insert(try FieldPath(parsing: $0), isShown: true) }
    var capture = FieldCapture(tree)
    let bytes = Array(record.utf8)
    capture.read(bytes.span)
    var texts: [String?] = []
    for field in fields {
      let value = capture[field]
      texts.append(
        value.kind == .absent ? nil : String(decoding: bytes[value.range], as: UTF8.self))
    }
    return texts
  }

  @Test func `fields are found at every depth, in any order, and whole together with parts`() throws
  {
    let record = #"{"z":{"q":[]},"b":{"y":{"deep":"found"},"x":[{"k":1},2,[3,4]]},"a":null}"#
    #expect(
      try values(
        of: ["a", "b.x[0].k", "b.x[2][1]", "b.y.deep", "b.y", "z", "b.x[3]", "a.b", "c"], in: record
      )
        == ["null", "1", "4", "found", #"{"deep":"found"}"#, #"{"q":[]}"#, nil, nil, nil])
  }

  @Test func `of equal keys the first counts, though it lacks the part asked for`() throws {
    let record = #"{"a":{"x":1},"a":{"x":2,"y":3},"b":"first","b":"second"}"#
    #expect(try values(of: ["a.x", "a.y", "b"], in: record) == ["1", nil, "first"])
  }

  @Test func `keys are compared after unescaping, and case counts`() throws {
    let record = #"{"event\u0049D":"7","Tag":1,"tag":2,"a\/b":3,"x\"y":4}"#
    #expect(
      try values(of: ["eventID", "tag", "Tag", #""a/b""#, #""x\"y""#, "TAG"], in: record)
        == ["7", "2", "1", "3", "4", nil])
  }

  @Test func `a value of another kind has no parts`() throws {
    #expect(
      try values(of: ["a.b", "c[0]", "d.e"], in: #"{"a":[1],"c":{"0":1},"d":"{\"e\":1}"}"#)
        == [nil, nil, nil])
  }

  @Test func `what was captured is forgotten with the next record`() throws {
    var tree = FieldTree()
    let field = tree.insert(try FieldPath(parsing: "a"), isShown: true)
    var capture = FieldCapture(tree)
    capture.read(Array(#"{"a":1}"#.utf8).span)
    #expect(capture[field].kind == .number)
    capture.read(Array(#"{"b":1}"#.utf8).span)
    #expect(capture[field].kind == .absent)
  }

  @Test(arguments: [
    (#"{"a":1,"b":{"c":2},"d":[3],"e":"x"}"#, #"{"d":[3],"e":"x"}"#),
    (#"{"d":1,"d":2,"\u0064":3,"D":4,"a":5,"a":6}"#, #"{"d":1,"D":4}"#),
    (#"{"a":1,"b":2}"#, "{}"),
    (#"{}"#, "{}"),
    (#"{"h":{"x":1},"\u0065":"\u00e9"}"#, #"{"h":{"x":1},"\u0065":"\u00e9"}"#),
  ])
  func `other fields are those that nobody shows in whole or in part`(
    record: String, others: String
  ) throws {
    var tree = FieldTree()
    _ = tree.insert(try FieldPath(parsing: "a"), isShown: true)
    _ = tree.insert(try FieldPath(parsing: "b.c"), isShown: true)
    _ = tree.insert(try FieldPath(parsing: "h.x"), isShown: false)
    var capture = FieldCapture(tree, wantsOtherFields: true)
    let bytes = Array(record.utf8)
    capture.read(bytes.span)
    var output = ByteBuffer()
    capture.appendOtherFields(of: bytes.span, to: &output)
    #expect(output.bytes.text() == others)
  }

  @Test func `in any record each path leads where a slow look-up leads`() {
    #expect(
      faults("seed", in: UInt64(0)..<400) { seed in
        var made = MadeJSON(seed: seed)
        let record = made.object(depth: 4).joined()
        let json = try OracleJSON(Array(record.utf8))
        let paths = (0..<8).map { _ in path(&made.random) }
        let found = try values(of: paths.map(\.text), in: record)
        for (path, value) in zip(paths, found) {
          let expected = lookUp(path.steps, in: json)
          if value != expected {
            return "\(path.text) of \(record) is \(value ?? "absent"), "
              + "expected \(expected ?? "nothing")"
          }
        }
        return nil
      } == [])
  }

  private enum Step {
    case key(String)
    case index(Int)
  }

  /// A path of one to three steps, as steps and as text.
  private func path(_ random: inout SeededGenerator) -> (text: String, steps: [Step]) {
    var text = ""
    var steps: [Step] = []
    for place in 0..<random.within(1...3) {
      if place > 0 && random.oneIn(3) {
        let index = random.within(0...3)
        text += "[\(index)]"
        steps.append(.index(index))
      } else {
        let key = random.pick(["a", "b", "A", "eventID", "é", "{", "aLongKeyOf2TextsAlike"])
        text += (place > 0 ? "." : "") + "\"\(key)\""
        steps.append(.key(key))
      }
    }
    return (text, steps)
  }

  /// The text of what a path leads to; of a string without its quotes.
  private func lookUp(_ steps: [Step], in json: OracleJSON) -> String? {
    var node = 0
    for step in steps {
      switch step {
      case .key(let key):
        guard let next = json.value(of: key, in: node) else { return nil }
        node = next
      case .index(let index):
        let elements = json.elements(node)
        guard index < elements.count else { return nil }
        node = elements[index]
      }
    }
    let text = json.text(node)
    let isString = json.nodes[node].kind == .string
    return String(decoding: isString ? Array(text.dropFirst().dropLast()) : text, as: UTF8.self)
  }

  @Test func `no prefix of a record can lead past its end`() throws {
    let whole = Array(
      #"{"a":{"b":["x",{"c":"d\"e"}]},"r":[{"k":1},{"k":2}],"n":-1,"t":true}"#.utf8)
    var tree = FieldTree()
    for path in ["a.b[1].c", "r[1].k", "n", "t"] {
      _ = tree.insert(try FieldPath(parsing: path), isShown: true)
    }
    var capture = FieldCapture(tree, wantsOtherFields: true)
    for count in 0...whole.count {
      let part = Array(whole[..<count])
      capture.read(part.span)
      for place in 0..<count {
        var broken = part
        broken[place] = 0x5D
        capture.read(broken.span)
      }
    }
  }
}
