import Bytes

/// Which top-level keys of a document hold an array of records.
public enum RecordArrayKeys: Sendable {
  /// A CloudTrail log file: `Records` and nothing else.
  case log
  /// Any file: also `Events` (`aws cloudtrail lookup-events`) and `logEvents` (a CloudWatch Logs
  /// subscription).
  case loose

  public func holdsRecords(_ key: Range<Int>, _ isEscaped: Bool, _ bytes: Span<UInt8>) -> Bool {
    if isEscaped {
      var decoded = ByteBuffer(capacity: key.count)
      JSONText.appendDecoded(bytes.extracting(key), to: &decoded)
      return holdsRecords(0..<decoded.count, false, decoded.bytes)
    }
    switch key.count {
    case 7: return bytes.equals(key, "Records")
    case 6: return self == .loose && bytes.equals(key, "Events")
    case 9: return self == .loose && bytes.equals(key, "logEvents")
    default: return false
    }
  }
}
