import Bytes
import CloudTrail

/// The lines of an export of CloudWatch Logs to S3: `2026-11-19T10:00:00.123Z {record}`.
///
/// An export task writes the messages of a log stream to objects called `000000.gz`, each after its
/// time stamp and a space (CloudWatch Logs User Guide, "Exporting log data to Amazon S3"). A message may
/// be any text, on several lines too: it ends where a line begins with the next time stamp. What is not
/// one JSON object is no record, and only that message is rejected.
enum LogExport {
  /// Whether a time stamp and a JSON object begin under the scanner.
  static func begins(_ scanner: borrowing JSONScanner) -> Bool {
    guard let end = timestampEnd(scanner.bytes, at: scanner.position) else { return false }
    return end < scanner.bytes.count && scanner.bytes[end] == UInt8(ascii: "{")
  }

  /// Passes a time stamp and the space after it, if one begins under the scanner.
  ///
  /// - Throws: `unexpectedEnd` when only more bytes can tell.
  static func passTimestamp(
    _ scanner: inout JSONScanner, isLast: Bool
  ) throws(JSONSyntaxError) -> Bool {
    let (start, count) = (scanner.position, scanner.bytes.count)
    if let end = timestampEnd(scanner.bytes, at: start) {
      scanner.position = end
      return true
    }
    if !isLast && count - start < longestTimestamp { throw .unexpectedEnd(offset: count) }
    return false
  }

  /// Passes the message under the scanner.
  ///
  /// - Returns: Where it is, and whether it is one JSON object, whose fields were captured; else
  ///   it is text.
  /// - Throws: `unexpectedEnd` when only more bytes can tell, or when the bytes are cut off in an object.
  static func passMessage(
    _ scanner: inout JSONScanner, isLast: Bool, _ fields: inout RecordFields
  ) throws(JSONSyntaxError) -> (range: Range<Int>, isObject: Bool) {
    let start = scanner.position
    if start < scanner.bytes.count, scanner.bytes[start] == UInt8(ascii: "{") {
      do throws(JSONSyntaxError) {
        _ = try fields.capture(&scanner, shape: nil)
        let end = scanner.position
        if try isEndOfLine(scanner.bytes, at: end, isLast: isLast) { return (start..<end, true) }
      } catch {
        if case .unexpectedEnd = error { throw error }
      }
    }
    guard let end = endOfText(scanner.bytes, from: start, isLast: isLast) else {
      throw .unexpectedEnd(offset: scanner.bytes.count)
    }
    scanner.position = end
    return (start..<end, false)
  }

  /// Whether a message that is not one JSON object was a record of CloudTrail once.
  ///
  /// - Complexity: O(`message.count`).
  static func isBrokenRecord(_ message: Span<UInt8>) -> Bool {
    guard message.count > 0, message[0] == UInt8(ascii: "{") else { return false }
    return message.indices.contains { start in
      message[start] == UInt8(ascii: "\"")
        && (message.equals(start..<(start + 9), "\"eventID\"")
          || message.equals(start..<(start + 11), "\"eventTime\"")
          || message.equals(start..<(start + 14), "\"eventVersion\""))
    }
  }

  // MARK: Lines

  /// Whether nothing but white space is left of the line.
  private static func isEndOfLine(
    _ bytes: Span<UInt8>, at start: Int, isLast: Bool
  ) throws(JSONSyntaxError) -> Bool {
    var position = start
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "\n"): return true
      default: return false
      }
    }
    if !isLast { throw .unexpectedEnd(offset: bytes.count) }
    return true
  }

  /// The end of a text: before the line break that the next time stamp follows.
  ///
  /// - Returns: Nil when only more bytes can tell.
  private static func endOfText(_ bytes: Span<UInt8>, from start: Int, isLast: Bool) -> Int? {
    var position = start
    while true {
      let lineBreak = ByteSearch.first(UInt8(ascii: "\n"), in: bytes, from: position)
      if !isLast && bytes.count - lineBreak <= longestTimestamp { return nil }
      if lineBreak == bytes.count || lineBreak + 1 == bytes.count
        || timestampEnd(bytes, at: lineBreak + 1) != nil
      {
        let isCRLF = lineBreak > start && bytes[lineBreak - 1] == UInt8(ascii: "\r")
        return isCRLF ? lineBreak - 1 : lineBreak
      }
      position = lineBreak + 1
    }
  }

  // MARK: Time stamps

  /// `YYYY-MM-DDTHH:MM:SS`, a fraction of nine digits, `Z` and a space.
  private static let longestTimestamp = 31

  /// The position after the time stamp that begins at `start` and its space; nil if there is none.
  private static func timestampEnd(_ bytes: Span<UInt8>, at start: Int) -> Int? {
    guard start + 21 <= bytes.count, bytes[start + 10] == UInt8(ascii: "T") else { return nil }
    var end = start + 19
    while end < bytes.count, end < start + longestTimestamp, bytes[end] != UInt8(ascii: "Z") {
      end += 1
    }
    guard end + 1 < bytes.count, bytes[end] == UInt8(ascii: "Z"),
      bytes[end + 1] == UInt8(ascii: " "), EventTime(bytes.extracting(start...end)) != nil
    else { return nil }
    return end + 2
  }
}
