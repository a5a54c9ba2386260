import Bytes
import CloudTrail
import Segments

/// An object that carries a CloudTrail record inside, as other AWS services hand the records on.
///
/// To add an envelope, write a type in this folder, name it in `Envelopes.all`, and add the keys it
/// looks for to `RecordFields.Name`. Only loose files are searched for envelopes, and there only
/// objects that are not records themselves.
protocol Envelope: Sendable {
  /// Where the record is, if the object whose `fields` were captured is such an envelope.
  static func content(_ fields: borrowing RecordFields, _ bytes: Span<UInt8>) -> EnvelopeContent?
}

enum Envelopes {
  /// All envelopes; the first that knows an object decides.
  static let all: [any Envelope.Type] = [LookupEvent.self, LogEvent.self, BridgeEvent.self]

  static func content(
    _ fields: borrowing RecordFields, _ bytes: Span<UInt8>
  ) -> EnvelopeContent? {
    for envelope in all {
      if let content = envelope.content(fields, bytes) { return content }
    }
    return nil
  }
}

/// Where in an envelope its record is.
enum EnvelopeContent {
  /// An object, as it is.
  case object(Range<Int>)
  /// The text of a string, between its quotes: the record escaped once more.
  case text(Range<Int>)

  /// Brings the record out of an envelope that begins at `start` in `batch`.
  ///
  /// A text is unescaped over the envelope, which it always fits, since it gets shorter: so the record
  /// is in the batch with the bytes that the trail wrote.
  ///
  /// - Returns: Where the record is, without white space between its tokens; nil if the text is not
  ///   one JSON object, and the envelope is then as it was.
  func unwrap(in batch: RecordBatch, at start: Int) -> Range<Int>? {
    let content: Range<Int>
    switch self {
    case .object(let range): return range
    case .text(let range): content = range
    }
    var text = ByteBuffer(capacity: content.count)
    batch.withBytes {
      JSONText.appendDecoded($0.extracting(content), to: &text, loneSurrogates: .escaped)
    }
    guard let object = EnvelopeContent.object(in: text.bytes) else { return nil }
    batch.bytes.overwrite(from: start, with: text.bytes.extracting(object))
    return start..<batch.bytes.compactJSON(in: start..<(start + object.count))
  }

  /// Where the one object is that `text` consists of.
  private static func object(in text: Span<UInt8>) -> Range<Int>? {
    var scanner = JSONScanner(text)
    scanner.skipWhitespace()
    let start = scanner.position
    guard start < text.count, text[start] == ASCII.openBrace, (try? scanner.skipValue()) != nil
    else {
      return nil
    }
    let end = scanner.position
    scanner.skipWhitespace()
    return scanner.isAtEnd ? start..<end : nil
  }
}
