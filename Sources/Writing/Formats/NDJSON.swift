public import Bytes

/// One record a line, its bytes as they were read (https://github.com/ndjson/ndjson-spec).
public struct NDJSON: RecordEncoder {
  public init() {}

  public var fileExtension: String { "ndjson" }

  public func appendHeader(to output: inout ByteBuffer) {}

  @inline(__always)
  public func append(
    _ record: Span<UInt8>, from origin: RecordOrigin?, to output: inout ByteBuffer
  ) {
    output.append(record)
    output.append(0x0A)
  }
}
