import Bytes

/// The CSV that the CloudTrail console gives for the event history: a summary of events.
///
/// It lacks the records themselves, their parameters and identities above all, so nothing can be made
/// of it; the console offers the same events as JSON.
public enum EventHistoryCSV {
  /// What the report counts such files under.
  public static let name = "event history CSV"

  /// What to tell a person whose inputs hold `count` of them.
  public static func note(_ count: Int) -> String {
    "\(count) \(name) \(count == 1 ? "file was" : "files were") skipped: such a file lacks the "
      + "parameters and identities of its events; download the event history as JSON instead"
  }

  private static let header: StaticString = "User name,AWS access key,Event time,Event source,"

  /// Whether a file is one, by the ending of its name and its first bytes.
  static func isOne(_ folder: Path, _ name: [UInt8]) -> Bool {
    guard name.suffix(4).elementsEqual(".csv".utf8) else { return false }
    let wanted = header.utf8CodeUnitCount
    var start = ByteBuffer(capacity: wanted + 3)
    guard let file = try? OpenFile(folder.appending(name)),
      (try? file.read(wanted + 3, at: 0, into: &start)) != nil
    else { return false }
    let mark = start.count >= 3 && start.bytes.equals(0..<3, "\u{FEFF}") ? 3 : 0
    return start.count >= mark + wanted && start.bytes.equals(mark..<(mark + wanted), header)
  }
}
