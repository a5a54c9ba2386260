import Bytes

/// What the documents of a file can look like.
public enum FileShape: Sendable {
  /// A CloudTrail log file: one object with one array `Records`.
  case log
  /// A log file of the family `aggregated`, whose form AWS does not show and for which tools report
  /// arrays: one document, either like `log`, or an array, or a record; arrays inside its array are
  /// looked into.
  case aggregated
  /// Any other file, of any number of documents: its content decides. An array of records is also
  /// called `Events` (`aws cloudtrail lookup-events`) or `logEvents` (a CloudWatch Logs
  /// subscription).
  case loose

  /// Whether the array under a top-level key holds records.
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
