import Bytes
import CloudTrail
import Dataset
import Segments
import Writing

/// Decides, for each eventID that is there more than once, which text stays.
///
/// The one kept has the highest eventVersion (two integers), then the greatest length, then the
/// greatest bytes; it stays in the cell of the copy whose place comes first. All other texts go to
/// the side file once. The rule is a maximum, so it does not matter in which order or in how many
/// runs the texts arrive.
struct ConflictResolution {
  /// What came of it, as corrections to the counts of writing.
  struct Counts {
    /// Records that were counted as written and are not, after all.
    var unwritten = 0
    var duplicates = 0
    /// New texts that lost.
    var conflicts = 0
    /// Records of earlier runs that lost to a new text.
    var replaced = 0
  }

  /// One text of an eventID, wherever it is.
  private struct Text {
    var content: RecordIdentity
    var version: EventVersion
    var record: [UInt8]
    var eventID: [UInt8]
    /// The cells it is in, with the place of each copy.
    var copies: [(cell: Cell, place: SourcePlace)] = []
    /// The cells it was in before this run.
    var storedIn: Set<Cell> = []
    /// Where it is listed as one that lost.
    var listed: (day: Day, place: SideFile.Place)?

    func isGreater(than other: Text) -> Bool {
      if version != other.version { return other.version < version }
      if record.count != other.record.count { return record.count > other.record.count }
      return record.span.compare(to: other.record.span) > 0
    }
  }

  static let reason = "another text of this eventID is kept"

  private(set) var counts = Counts()
  /// The texts to leave out of each cell when it is written again.
  private(set) var drops: [Cell: Set<RecordIdentity>] = [:]

  private let sources: SourceTable
  private let cells: WrittenCells

  init(_ cells: WrittenCells, _ sources: SourceTable) {
    self.cells = cells
    self.sources = sources
  }

  /// Settles all `doubles` of one family, identities with the cells they are in.
  mutating func resolve(
    _ doubles: [RecordIdentity: Set<Cell>], _ family: Family, listed: SideFiles
  ) throws {
    var texts: [RecordIdentity: [RecordIdentity: Text]] = [:]
    for cell in Set(doubles.values.joined()).sorted() {
      try gather(cell, doubles, &texts)
    }
    let isDouble = { (key: SideFile.Key, entry: SideFile.Entry) in
      key.family == family && doubles[entry.identity] != nil
    }
    // They are listed by the day of the one that was kept, which is among the doubles.
    for day in Set(doubles.values.joined().map(\.day)).sorted() {
      try listed.file(.conflicts(day)).forEach(where: isDouble) { key, entry, record in
        var text =
          texts[entry.identity]?[key.content]
          ?? Text(
            content: key.content, version: EventVersion(record), record: record.copied(),
            eventID: entry.eventID ?? [])
        text.listed = (day, entry.place)
        texts[entry.identity, default: [:]][key.content] = text
      }
    }
    for identity in doubles.keys.sorted() {
      try settle(identity, family, Array((texts[identity] ?? [:]).values), listed)
    }
  }

  /// Collects the texts that one cell has of the doubled identities.
  private func gather(
    _ cell: Cell, _ doubles: [RecordIdentity: Set<Cell>],
    _ texts: inout [RecordIdentity: [RecordIdentity: Text]]
  ) throws {
    func visit(_ segment: any Segment, isStored: Bool) throws {
      guard segment.recordCount > 0 else { return }
      let cursor = try segment.cursor()
      repeat {
        let entry = cursor.entry
        guard doubles[entry.identity] != nil else { continue }
        cursor.withRecord { record in
          let content = RecordIdentity(hashing: record, kind: .content)
          var text =
            texts[entry.identity]?[content]
            ?? Text(
              content: content, version: EventVersion(record), record: record.copied(),
              eventID: ConflictResolution.eventID(entry, record))
          if isStored {
            text.storedIn.insert(cell)
          } else {
            text.copies.append((cell, entry.place))
          }
          texts[entry.identity, default: [:]][content] = text
        }
      } while try cursor.advance()
    }
    if let current = try cells.current(cell) { try visit(current, isStored: false) }
    if let stored = try cells.stored(cell) { try visit(stored, isStored: true) }
  }

  private static func eventID(_ entry: Entry, _ record: Span<UInt8>) -> [UInt8] {
    var id = ByteBuffer(capacity: 64)
    RecordOrder.appendID(entry, record, to: &id)
    return id.bytes.copied()
  }

  private mutating func settle(
    _ identity: RecordIdentity, _ family: Family, _ texts: [Text], _ listed: SideFiles
  ) throws {
    guard var winner = texts.first else { return }
    for text in texts.dropFirst() where text.isGreater(than: winner) { winner = text }
    let winningCopy = try winner.copies.min { try sources.precedes($0.place, $1.place) }
    let day = winningCopy?.cell.day ?? winner.listed?.day
    for text in texts {
      let isWinner = text.content == winner.content
      let isKnown = !text.storedIn.isEmpty || text.listed != nil
      // Copies that this run counted as written.
      let newCount = text.copies.count { !text.storedIn.contains($0.cell) }
      let kept = try text.copies.min { try sources.precedes($0.place, $1.place) }
      for copy in text.copies where !isWinner || copy.cell != kept?.cell {
        drops[copy.cell, default: []].insert(text.content)
      }
      if isWinner {
        let surplus = isKnown ? newCount : max(0, newCount - 1)
        counts.unwritten += surplus
        counts.duplicates += surplus
        continue
      }
      counts.unwritten += newCount
      counts.duplicates += isKnown ? newCount : max(0, newCount - 1)
      if !isKnown { counts.conflicts += 1 }
      if !text.storedIn.isEmpty { counts.replaced += 1 }
      guard let day else { continue }
      let keptPlace = try kept.map {
        SideFile.Place(path: try sources.path($0.place.source), index: Int($0.place.index))
      }
      try list(text, of: family, identity, at: keptPlace, day, listed)
    }
  }

  /// Lists a text that lost by the day of the one that is kept.
  ///
  /// `place`: Where a copy of it is; nil for a text that is only listed.
  private func list(
    _ text: Text, of family: Family, _ identity: RecordIdentity, at place: SideFile.Place?,
    _ day: Day, _ listed: SideFiles
  ) throws {
    if let old = text.listed, old.day != day {
      try listed.file(.conflicts(old.day)).remove(
        SideFile.Key(content: text.content, family: family))
    }
    for place in [place, text.listed?.place].compactMap({ $0 }) {
      try listed.file(.conflicts(day)).add(
        text.record.span, of: family, identity: identity, reason: ConflictResolution.reason,
        eventID: text.eventID, at: place)
    }
  }
}

/// `eventVersion` as two integers: 1.10 is newer than 1.09; anything else is oldest.
struct EventVersion: Equatable, Comparable {
  var major = -1
  var minor = -1

  init(_ record: Span<UInt8>) {
    guard let object = try? JSONObject(record), let text = object.string("eventVersion") else {
      return
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let major = parts[0], let minor = parts[1], major >= 0, minor >= 0
    else { return }
    (self.major, self.minor) = (major, minor)
  }

  static func < (left: Self, right: Self) -> Bool {
    left.major != right.major ? left.major < right.major : left.minor < right.minor
  }
}
