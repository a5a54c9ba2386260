import Bytes
import CloudTrail
import Reading
import TestSupport
import Testing

/// Splitting files into records: what is found may not depend on where the bytes that have come in
/// end.
struct DocumentScannerTests {
  /// What a file's bytes give: the elements, and how it ended.
  private struct Result: Equatable, CustomStringConvertible {
    var elements: [String] = []
    var error: ReadError?

    var description: String { "\(elements), \(error.map { "\($0)" } ?? "complete")" }
  }

  /// Scans a file whose bytes come in piece by piece.
  private func scan(_ text: [UInt8], _ shape: FileShape, cuts: [Int]) -> Result {
    var document = DocumentScanner(shape: shape, at: 0)
    var fields = RecordFields()
    var result = Result()
    do {
      for end in cuts + [text.count] {
        let piece = Array(text[..<end])
        var scanner = JSONScanner(piece.span)
        let isLast = end == text.count
        while case .element(let element) = try document.next(
          &scanner, isLast: isLast, fields: &fields)
        {
          let marks = (element.kind == .object ? "o" : "-") + (element.hasWhitespace ? "w" : "-")
          result.elements.append(marks + piece.span.extracting(element.range).text())
        }
      }
      if !document.isComplete { result.error = .syntax(.unexpectedEnd(offset: text.count)) }
    } catch {
      result.error = error
    }
    return result
  }

  private static let records =
    #"{"eventID":"1","a":{"b":[1,"]}"]}} , {"eventID" : "2"},7, "x",[{}],null,-1.5e3"#

  private static let files: [(text: String, shapes: [FileShape])] = [
    (#"{"Records":[\#(records)]}"#, [.log, .loose, .aggregated]),
    (" { \"x\" : [1] , \"Records\" : [ \(records) ] , \"y\" : \"Records\" } \n", [.log, .loose]),
    (#"{"R\u0065cords":[{"eventID":"1"}]}"#, [.log, .loose]),
    (#"{"Records":[]}"#, [.log, .loose, .aggregated]),
    (#"{"Records":[{"a":1}],"b":-12.5e3,"c":true,"d":120 ,"e":0}"#, [.log, .loose]),
    ("[\(records)]", [.loose, .aggregated]),
    (#"{"Records":[[{"a":1},{"a":2}],[],[[{"a":3}]]]}"#, [.log, .aggregated]),
    ("{\"eventID\":\"1\"}\n{\"eventID\":\"2\"} {\"eventID\":\"3\"}[{}]12 ", [.loose]),
    (#"{"Events":[{"a":1}],"NextToken":"t"}{"logEvents":[{"b":2}]}"#, [.loose]),
    // What is wrong, and where.
    (#"{"Records":[{"a":1}],"Records":[{"a":2}]}"#, [.log, .loose]),
    (#"{"Records":{},"Records":[]}"#, [.log]), (#"{"Records":[{"a":1}]}{"Records":[]}"#, [.log]),
    (#"{"Records":[{"a":1}]} x"#, [.log, .loose]), (#"{"records":[{"a":1}]}"#, [.log]),
    (#"[{"a":1}]"#, [.log]), ("7", [.log]), (#"{"Records":[{"a":1},{"a":01}]}"#, [.log, .loose]),
    (#"{"Records":[{"a":1},]}"#, [.log]), (#"{"Records":[{"a":1} {"a":2}]}"#, [.log]),
    (#"{"Records":[{"a":1}]"#, [.log, .loose]), (#"{"Records":[{"a":1}"#, [.log]),
    (#"{"Records":[{"a":NaN}]}"#, [.log, .aggregated]), (#"{"Records":[{"a":1}],"b":tru"#, [.log]),
    (#"{"Records":[{"a":1}],"b":tru}"#, [.log]), (#"{"a":1}{"b":"#, [.loose]),
    ("{\"Records\":[{\"a\":\"\n\"}]}", [.log]), ("{}{", [.loose]), ("12", [.loose]), ("", [.loose]),
  ]

  @Test func `a file gives the same wherever its bytes are cut`() {
    for (text, shapes) in Self.files {
      let bytes = Array(text.utf8)
      for shape in shapes {
        let expected = scan(bytes, shape, cuts: [])
        #expect(
          faults("cut at", in: 0...bytes.count) { cut in
            let found = scan(bytes, shape, cuts: [cut])
            return found == expected ? nil : "\(shape): \(found), at once \(expected)"
          } == [], "\(text)")
        #expect(scan(bytes, shape, cuts: Array(0..<bytes.count)) == expected, "\(text), \(shape)")
      }
    }
  }

  @Test func `any file, also a damaged one, gives the same wherever it is cut`() {
    #expect(
      faults("seed", in: UInt64(0)..<150) { seed in
        var made = MadeJSON(seed: seed)
        let records = (0..<made.random.within(0...4)).map { _ in
          String(decoding: made.spaced(made.value(depth: 3)), as: UTF8.self)
        }
        var text = Array(#"{"v":0,"Records": [\#(records.joined(separator: ","))],"w":[1]}"#.utf8)
        if made.random.oneIn(2) {
          let place = made.random.within(0...(text.count - 1))
          text[place] = made.random.pick(Array("{}[]:,\"\\x\u{1}0 ".utf8))
        }
        let expected = scan(text, .log, cuts: [])
        for cut in 0...text.count {
          let found = scan(text, .log, cuts: [cut, min(cut + 3, text.count)])
          if found != expected { return "cut at \(cut): \(found), at once \(expected)" }
        }
        return nil
      } == [])
  }

  @Test func `elements are what is in the array, of whatever kind`() {
    let text = Array(#"{"x":1,"Records":[\#(Self.records)],"y":[{"eventID":"no"}]}"#.utf8)
    #expect(
      scan(text, .log, cuts: []).elements == [
        #"o-{"eventID":"1","a":{"b":[1,"]}"]}}"#, #"ow{"eventID" : "2"}"#, "--7", #"--"x""#,
        "--[{}]", "--null", "---1.5e3",
      ])
  }

  @Test(arguments: [
    (#"{"Records":[{"a":1}],"Records":[]}"#, ReadError.secondRecords(offset: 21)),
    (#"{"Records":{},"Records":[]}"#, .secondRecords(offset: 14)),
    (#"{"Records":[]} {"Records":[]}"#, .secondDocument(offset: 15)),
    (#"{"a":1}"#, .noRecords(offset: 0)), (" [1]", .noRecords(offset: 1)),
    (#"{"Records":[1 2]}"#, .syntax(.unexpected(offset: 14, expected: .commaOrBracket))),
    (#"{"Records":[1];"a":2}"#, .syntax(.unexpected(offset: 14, expected: .commaOrBrace))),
  ])
  func `a log file that is none says what is wrong at which byte`(text: String, error: ReadError) {
    #expect(scan(Array(text.utf8), .log, cuts: []).error == error)
  }
}
