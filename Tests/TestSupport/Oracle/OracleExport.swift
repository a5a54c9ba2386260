/// Documents one after the other, or lines `TIME {record}` as CloudWatch Logs exports them.
enum OracleExport {
  /// All documents of a loose file's text, and whether each is the message of a line.
  ///
  /// A message that is no JSON object becomes a string.
  static func documents(
    _ text: [UInt8]
  ) throws(OracleJSON.SyntaxError) -> [(json: OracleJSON, isMessage: Bool)] {
    var documents: [(OracleJSON, Bool)] = []
    var position = 0
    while let start = text[position...].firstIndex(where: { !OracleJSONParser.isWhitespace($0) }) {
      if let message = message(text, at: start) {
        let (document, end) = try read(text, at: message)
        documents.append((document, true))
        position = end
      } else {
        let document = try OracleJSON(text, at: start)
        documents.append((document, false))
        position = document.end
      }
    }
    return documents
  }

  /// Where the message begins whose time stamp begins at `start`; nil if none does.
  static func message(_ text: [UInt8], at start: Int) -> Int? {
    guard let space = text[start...].firstIndex(of: UInt8(ascii: " ")),
      text[space - 1] == UInt8(ascii: "Z"), space - start >= 20,
      text[start + 10] == UInt8(ascii: "T"), OracleTime(Array(text[start..<space])) != nil
    else { return nil }
    return space + 1
  }

  private static func read(
    _ text: [UInt8], at start: Int
  ) throws(OracleJSON.SyntaxError) -> (document: OracleJSON, end: Int) {
    if start < text.count, text[start] == UInt8(ascii: "{") {
      do throws(OracleJSON.SyntaxError) {
        let object = try OracleJSON(text, at: start)
        let lineEnd = text[object.end...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
        if text[object.end..<lineEnd].allSatisfy(OracleJSONParser.isWhitespace) {
          return (object, object.end)
        }
      } catch {
        if error.offset == text.count { throw error }
      }
    }
    var end = start
    while end < text.count, text[end] != UInt8(ascii: "\n") || !endsMessage(text, at: end) {
      end += 1
    }
    var message = text[start..<end]
    if message.last == UInt8(ascii: "\r") { message.removeLast() }
    return (try OracleJSON(quoted(message)), end)
  }

  /// Whether the line break at `position` ends a message: the next line has a time stamp, or is none.
  private static func endsMessage(_ text: [UInt8], at position: Int) -> Bool {
    position + 1 == text.count || message(text, at: position + 1) != nil
  }

  private static func quoted(_ text: ArraySlice<UInt8>) -> [UInt8] {
    let content = text.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): Array(#"\n"#.utf8)
      case UInt8(ascii: "\r"): Array(#"\r"#.utf8)
      case UInt8(ascii: "\t"): Array(#"\t"#.utf8)
      default: [byte]
      }
    }
    return [UInt8(ascii: "\"")] + content + [UInt8(ascii: "\"")]
  }
}
