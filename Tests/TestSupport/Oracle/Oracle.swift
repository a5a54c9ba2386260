/// The slow, obvious merge: what the dataset must hold for a tree of files.
///
/// It shares nothing with the fast path but zlib: strict parser, dictionaries, one sort. Paths are
/// relative to one input folder.
public struct Oracle: Sendable {
  /// A line of the conflicts or the rejected records.
  public struct SideRecord: Equatable, Sendable {
    /// Unescaped; nil where there is none.
    public let eventID: [UInt8]?
    /// Of a conflict the first path, in byte order, that has this text.
    public let source: String
    /// The place of the record in that file, from 0; of a conflict the first.
    public let index: Int
    public let record: [UInt8]
  }

  /// What became of one record; every occurrence has a fate.
  public enum Fate: Sendable {
    case written
    case duplicate
    case conflict
    case rejected
  }

  public struct RecordFate: Equatable, Sendable {
    public let source: String
    public let index: Int
    public let fate: Fate
  }

  /// `recordsIn` = `written` + `duplicates` + `conflicts` + `rejected`.
  public struct Totals: Equatable, Sendable {
    public var recordsIn = 0
    public var written = 0
    public var duplicates = 0
    public var conflicts = 0
    public var rejected = 0
  }

  /// By path in byte order.
  public private(set) var files: [(path: String, outcome: OracleOutcome)] = []
  /// By path in byte order and index.
  public private(set) var fates: [RecordFate] = []
  /// NDJSON lines without their line feeds, by `account=…/region=…/dt=…`.
  public private(set) var partitions: [String: [[UInt8]]] = [:]
  /// By the day of the record that is kept, `2026-11-19`.
  public private(set) var conflicts: [String: [SideRecord]] = [:]
  /// Every place of each.
  public private(set) var rejected: [SideRecord] = []
  public private(set) var totals = Totals()

  public init(_ tree: [TreeFile]) {
    let sorted = tree.sorted {
      Array($0.path.utf8).lexicographicallyPrecedes(Array($1.path.utf8))
    }
    var occurrences: [Occurrence] = []
    for file in sorted {
      let reader = OracleReader(file)
      files.append((file.path, reader.outcome))
      for (index, element) in reader.elements.enumerated() {
        occurrences.append(
          Occurrence(element: element, path: reader.path, source: file.path, index: index))
      }
    }
    merge(occurrences)
  }

  /// The bytes of a partition's file: its lines, each with a line feed.
  public func bytes(of partition: String) -> [UInt8] {
    (partitions[partition] ?? []).flatMap { $0 + [0x0A] }
  }

  public func outcome(of path: String) -> OracleOutcome? {
    files.first { $0.path == path }?.outcome
  }

  // MARK: - Merging

  private mutating func merge(_ occurrences: [Occurrence]) {
    totals.recordsIn = occurrences.count
    var winners: [Occurrence] = []
    var fates = [Fate](repeating: .duplicate, count: occurrences.count)
    // Indices of occurrences, by identity. Within a group they are in order of path and index, so
    // the first one with a text is the one that side files name.
    var groups: [Identity: [Int]] = [:]
    for (index, occurrence) in occurrences.enumerated() {
      guard let identity = occurrence.identity else {
        fates[index] = .rejected
        totals.rejected += 1
        rejected.append(occurrence.side)
        continue
      }
      groups[identity, default: []].append(index)
    }
    for group in groups.values {
      var firsts: [[UInt8]: Int] = [:]
      for index in group where firsts[occurrences[index].text] == nil {
        firsts[occurrences[index].text] = index
      }
      let best = firsts.values.max { occurrences[$0].loses(to: occurrences[$1]) }
      for first in firsts.values {
        fates[first] = first == best ? .written : .conflict
        if first == best {
          winners.append(occurrences[first])
        } else {
          let day = best.flatMap { occurrences[$0].partition }.map { String($0.suffix(10)) } ?? ""
          conflicts[day, default: []].append(occurrences[first].side)
          totals.conflicts += 1
        }
      }
      totals.duplicates += group.count - firsts.count
    }
    for day in conflicts.keys { conflicts[day]?.sort { $0.precedes($1) } }
    totals.written = winners.count
    for winner in winners.sorted(by: { $0.precedes($1) }) {
      if let folder = winner.partition { partitions[folder, default: []].append(winner.text) }
    }
    self.fates = zip(occurrences, fates).map { occurrence, fate in
      RecordFate(source: occurrence.source, index: occurrence.index, fate: fate)
    }
  }
}

extension Oracle.SideRecord {
  /// The order of side files: by source, then index.
  fileprivate func precedes(_ other: Self) -> Bool {
    if source == other.source { return index < other.index }
    return Array(source.utf8).lexicographicallyPrecedes(Array(other.source.utf8))
  }
}

/// What makes two records the same event: the eventID, or the whole text where there is none.
private enum Identity: Hashable {
  case id([UInt8])
  case text([UInt8])
}

/// One record at one place.
private struct Occurrence {
  let element: OracleElement
  let path: OraclePath
  let source: String
  let index: Int
  let text: [UInt8]
  let time: OracleTime?
  /// Nil where it is absent, null, empty or no string.
  let eventID: [UInt8]?

  init(element: OracleElement, path: OraclePath, source: String, index: Int) {
    self.element = element
    self.path = path
    self.source = source
    self.index = index
    text = element.text
    time = element.string("eventTime").flatMap { OracleTime($0) }
    let id = element.string("eventID")
    eventID = id?.isEmpty == true ? nil : id
  }

  /// Nil for a record that is rejected.
  var identity: Identity? {
    if time == nil { return nil }
    return eventID.map(Identity.id) ?? .text(text)
  }

  var partition: String? {
    time.map { OraclePartition.folder(of: element, time: $0, path: path) }
  }

  var side: Oracle.SideRecord {
    Oracle.SideRecord(eventID: eventID, source: source, index: index, record: text)
  }

  /// The order of output files: instant, eventID, text.
  func precedes(_ other: Occurrence) -> Bool {
    if let time, let otherTime = other.time, time != otherTime { return time < otherTime }
    let (id, otherID) = (eventID ?? [], other.eventID ?? [])
    if id != otherID { return id.lexicographicallyPrecedes(otherID) }
    return text.lexicographicallyPrecedes(other.text)
  }

  /// Of texts with one eventID the highest eventVersion wins, then the longest, then the greatest.
  func loses(to other: Occurrence) -> Bool {
    if version != other.version { return version < other.version }
    if text.count != other.text.count { return text.count < other.text.count }
    return text.lexicographicallyPrecedes(other.text)
  }

  /// `major.minor` as integers: 1.10 is above 1.09.
  ///
  /// Anything else is below every version.
  private var version: (major: Int, minor: Int) {
    let text = String(decoding: element.string("eventVersion") ?? [], as: UTF8.self)
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]),
      parts.allSatisfy({ $0.allSatisfy(\.isNumber) })
    else { return (-1, -1) }
    return (major, minor)
  }
}
