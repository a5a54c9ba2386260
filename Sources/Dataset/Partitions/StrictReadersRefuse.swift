public import Bytes
public import CloudTrail

/// Records that were taken as they are and that strict JSON readers refuse.
public struct StrictReadersRefuse: Sendable, Equatable {
  /// One of the records: where it is from.
  public struct Example: Sendable, Equatable {
    /// As the record has it, escapes and all; empty if it has none.
    public var eventID: [UInt8]
    public var source: Path
    /// Its place in that file, from 0.
    public var index: Int

    public init(eventID: [UInt8], source: Path, index: Int) {
      self.eventID = eventID
      self.source = source
      self.index = index
    }
  }

  public private(set) var counts: TextFlawCounts
  /// The first, by source and index.
  public private(set) var examples: [Example] = []

  /// How many examples are given.
  static let exampleLimit = 3

  /// Counts, and names none.
  public init(_ counts: TextFlawCounts = TextFlawCounts()) { self.counts = counts }

  /// Adds what one cell holds.
  mutating func add(_ counts: TextFlawCounts, examples: [Example]) {
    guard counts.recordCount > 0 else { return }
    self.counts += counts
    self.examples += examples
    self.examples.sort {
      $0.source == $1.source ? $0.index < $1.index : $0.source < $1.source
    }
    self.examples.removeLast(max(0, self.examples.count - StrictReadersRefuse.exampleLimit))
  }

  /// What it says as JSON, the same in every report.
  public func json() -> [UInt8] {
    var json = counts.object()
    json.add("examples", array: examples.map(StrictReadersRefuse.json))
    return json.finish()
  }

  private static func json(_ example: Example) -> [UInt8] {
    var json = JSONObjectWriter()
    if example.eventID.isEmpty {
      json.add("eventID", raw: "null")
    } else {
      json.add("eventID", bytes: example.eventID)
    }
    json.add("path", bytes: example.source.bytes)
    json.add("index", example.index)
    return json.finish()
  }
}

extension StrictReadersRefuse {
  /// The examples, a line each, for a person.
  public var exampleLines: [String] {
    examples.map { example in
      let name = example.eventID.isEmpty ? "no eventID" : printable(Path(bytes: example.eventID))
      return "\(name) (record \(example.index) of \(printable(example.source)))"
    }
  }
}

extension TextFlawCounts {
  /// What there is to say of them to a person.
  public var sentence: String {
    let kinds = [
      (loneSurrogateCount, "with half a surrogate pair"),
      (invalidUTF8Count, "with bytes that are not UTF-8"),
    ]
    let shown = kinds.filter { $0.0 > 0 }.map { "\(grouped($0.0)) \($0.1)" }
    return "\(counted(recordCount, "record")) that strict JSON readers refuse "
      + "\(recordCount == 1 ? "is" : "are") kept as read: " + shown.joined(separator: ", ")
  }

  /// The counts under their names in reports and lists.
  func object() -> JSONObjectWriter {
    var json = JSONObjectWriter()
    json.add("records", recordCount)
    json.add("loneSurrogate", loneSurrogateCount)
    json.add("invalidUTF8", invalidUTF8Count)
    return json
  }

  /// Reads what `object()` wrote; nil for anything else.
  init?(_ object: JSONObject) {
    self.init()
    guard let records = object.integer("records"), records > 0,
      let loneSurrogates = object.integer("loneSurrogate"), 0...records ~= loneSurrogates,
      let invalid = object.integer("invalidUTF8"), 0...records ~= invalid
    else { return nil }
    (recordCount, loneSurrogateCount, invalidUTF8Count) = (records, loneSurrogates, invalid)
  }
}
