import Bytes
import CloudTrail
import Dataset

/// One record a line (https://github.com/ndjson/ndjson-spec).
public struct NDJSON: OutputFormat {
  /// What becomes of text that strict readers of JSON refuse.
  public enum Text: String, CaseIterable, Sendable {
    /// It stays: the bytes of a record are as they were read.
    case exact
    /// U+FFFD takes the place of each half of a surrogate pair, and of each maximal part of the bytes
    /// that is not UTF-8.
    case repaired
  }

  public var text: Text

  public init(text: Text = .exact) {
    self.text = text
  }

  public var name: String { "ndjson" }
  public var provenance: ProvenancePlace { .sidecar }

  public static let options: [FormatOption<NDJSON>] = [
    FormatOption(
      "text", \.text, decidesBytes: true,
      "what becomes of text that strict readers of JSON refuse: it stays, or U+FFFD takes its place"
    )
  ]

  public var contents: FileContents {
    text == .exact ? .recordLines : .counted(NDJSON.countLines)
  }

  public func encoding(withProvenance: Bool) -> RecordEncoding {
    RecordEncoding { [text] in
      switch text {
      case .exact: NDJSONEncoder()
      case .repaired: RepairingNDJSONEncoder()
      }
    }
  }

  public func tableShape(withProvenance: Bool) -> TableShape {
    .jsonLines(hasExactText: text == .exact)
  }

  private static func countLines(in file: StoredStream) throws -> Int? {
    var count = 0
    var last = ASCII.lineFeed
    var buffer = ByteBuffer(capacity: 128 << 10)
    while try file.read(into: &buffer) {
      buffer.withBytes { bytes in
        for position in 0..<bytes.count where bytes.byte(at: position) == ASCII.lineFeed {
          count += 1
        }
        if let end = bytes.indices.last { last = bytes[end] }
      }
      buffer.removeAll()
    }
    return last == ASCII.lineFeed ? count : nil
  }
}

/// Copies records and ends each with a line feed.
struct NDJSONEncoder: RecordEncoder {
  var movesRecords: Bool { true }

  @inline(__always)
  func append(_ record: Span<UInt8>, from origin: RecordOrigin?, to output: inout ByteBuffer) {
    output.append(record)
    output.append(ASCII.lineFeed)
  }
}

/// Copies records, repaired where they need it, and ends each with a line feed.
struct RepairingNDJSONEncoder: RecordEncoder {
  private var repaired = TextFlawCounts()

  var movesRecords: Bool { true }

  mutating func append(
    _ record: Span<UInt8>, from origin: RecordOrigin?, to output: inout ByteBuffer
  ) {
    if repaired.note(record) {
      JSONText.appendRepaired(record, to: &output)
    } else {
      output.append(record)
    }
    output.append(ASCII.lineFeed)
  }

  mutating func takeAlteredFields() -> AlteredFields {
    defer { repaired = TextFlawCounts() }
    return repaired.recordCount == 0
      ? AlteredFields() : AlteredFields(["repairedRecords": repaired.recordCount])
  }
}
