import Bytes

/// One record a line, its bytes as they were read (https://github.com/ndjson/ndjson-spec).
public struct NDJSON: OutputFormat {
  public init() {}

  public var name: String { "ndjson" }
  public var contents: FileContents { .recordLines }
  public var provenance: ProvenancePlace { .sidecar }

  public func encoding(withProvenance: Bool) -> RecordEncoding {
    RecordEncoding { NDJSONEncoder() }
  }

  public func tableShape(withProvenance: Bool) -> TableShape { .jsonLines }
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
