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
///
/// All texts are sorted by eventID on disk, and gone through twice: to find the greatest of each
/// eventID, and to say what becomes of the others.
struct ConflictResolution: ~Copyable {
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

  /// The text of an eventID that is kept.
  private struct Winner {
    var family: Family
    var identity: RecordIdentity
    var content: RecordIdentity
    /// The number of the cell that keeps it.
    var cell: UInt32

    /// Whether a text is of the same eventID.
    func isSameEvent(as text: ConflictText) -> Bool {
      family == text.family && identity == text.identity
    }
  }

  static let reason = "another text of this eventID is kept"

  private(set) var counts = Counts()
  private let context: RunContext
  private let sources: SourceTable
  private let listed: SideFiles
  /// Datasets that are merged into this one.
  private let operands: [StoredDataset]
  private let dropped: RowSorter
  private var row = ByteBuffer(capacity: 64)

  /// - Parameters:
  ///   - context: Has room for what is sorted.
  ///   - sources: Knows the files by their numbers.
  ///   - listed: Takes the texts that lost.
  ///   - operands: Datasets that are merged into this one.
  init(
    _ context: RunContext, _ sources: SourceTable, listed: SideFiles, operands: [StoredDataset] = []
  ) {
    (self.context, self.sources, self.listed) = (context, sources, listed)
    self.operands = operands
    dropped = context.rowSorter("dropped-places")
  }

  /// Settles all identities that are there more than once.
  ///
  /// - Returns: The records to leave out of each cell when it is written again.
  mutating func resolve(
    _ doubles: DoublesByDay, in cells: WrittenCells
  ) throws -> DroppedPlaces {
    let sightings = context.rowSorter("conflict-texts")
    var gathering = ConflictGathering(
      cells, listed, operands: operands, root: context.baseline.root, absent: context.absent,
      sorting: sightings)
    try gathering.gather(doubles)
    try context.absent.check()
    let cells = gathering.cells
    let texts = try ConflictTexts(try sightings.finish())
    let winners = try winners(among: texts)
    try texts.rewind()
    var winner = try ConflictResolution.next(winners)
    var isMet = false
    while let text = try texts.next() {
      if isMet, winner?.isSameEvent(as: text) == false {
        winner = try ConflictResolution.next(winners)
        isMet = false
      }
      if let winner, winner.isSameEvent(as: text) {
        isMet = true
        try settle(text, winner, cells)
      } else if let day = text.listings.first(where: { !$0.isReplaced })?.day {
        // Nothing has changed about the text that is kept, and others are listed by its day.
        try list(text, day)
      }
    }
    return try DroppedPlaces(
      try dropped.finish(), cells: cells, at: try context.scratch.path("places"))
  }

  // MARK: Winners

  /// The greatest text of each eventID that any cell has, in the order of the texts.
  private func winners(among texts: ConflictTexts) throws -> SortedRows {
    let winners = context.rowSorter("winners")
    var best: ConflictText?
    while let text = try texts.next() {
      if text.copies.isEmpty { continue }
      if let known = best, known.family == text.family, known.identity == text.identity {
        if try isGreater(text, than: known) { best = text }
      } else {
        try append(best, to: winners)
        best = text
      }
    }
    try append(best, to: winners)
    return try winners.finish()
  }

  private func append(_ text: ConflictText?, to winners: RowSorter) throws {
    guard let text, let copy = try firstCopy(text) else { return }
    var row = ByteBuffer(capacity: 64)
    row.append(row: text.family)
    row.append(row: text.identity)
    row.append(row: text.content)
    row.append(bigEndian: copy.cell)
    try winners.append(row.bytes)
  }

  private static func next(_ winners: SortedRows) throws -> Winner? {
    guard try winners.next() else { return nil }
    return winners.withRow { row in
      var parts = RowReader(row)
      return Winner(
        family: parts.family(), identity: parts.identity(), content: parts.identity(),
        cell: parts.number())
    }
  }

  private func isGreater(_ text: ConflictText, than other: ConflictText) throws -> Bool {
    if text.version != other.version { return other.version < text.version }
    guard let left = text.text, let right = other.text else { return false }
    if left.recordLength != right.recordLength { return left.recordLength > right.recordLength }
    var record = ByteBuffer()
    var otherRecord = ByteBuffer()
    try listed.read(left, into: &record)
    try listed.read(right, into: &otherRecord)
    return record.bytes.compare(to: otherRecord.bytes) > 0
  }

  /// The copy whose place comes first.
  private func firstCopy(_ text: ConflictText) throws -> ConflictText.Copy? {
    try text.copies.min { try sources.precedes($0.place, $1.place) }
  }

  // MARK: Settling

  private mutating func settle(
    _ text: ConflictText, _ winner: Winner, _ cells: [Cell]
  ) throws {
    let isWinner = text.content == winner.content
    let isStored = text.copies.contains { $0.isStored }
    let isKnown = isStored || !text.listings.isEmpty
    // Copies that this run counted as written.
    let newCount = text.copies.count { !$0.isStored }
    for copy in text.copies where !isWinner || copy.cell != winner.cell { try drop(copy) }
    if isWinner {
      let surplus = isKnown ? newCount : max(0, newCount - 1)
      counts.unwritten += surplus
      counts.duplicates += surplus
      return
    }
    counts.unwritten += newCount
    counts.duplicates += isKnown ? newCount : max(0, newCount - 1)
    if !isKnown { counts.conflicts += 1 }
    if isStored { counts.replaced += 1 }
    try list(text, cells[Int(winner.cell)].day)
  }

  private mutating func drop(_ copy: ConflictText.Copy) throws {
    row.removeAll()
    DroppedPlaces.Row(cell: copy.cell, place: copy.number).append(to: &row)
    try dropped.append(row.bytes)
  }

  /// Lists a text that lost by the day of the one that is kept, with its first place.
  private func list(_ text: ConflictText, _ day: Day) throws {
    let copy = try firstCopy(text).map {
      SideLine.Place(path: try sources.path($0.place.source), index: Int($0.place.index))
    }
    let places = [copy].compactMap { $0 } + text.listings.map(\.place)
    guard let place = places.min(), let record = text.text else { return }
    let kept = text.listings.filter(\.isKept)
    func isNew(_ listing: ConflictText.Listing) -> Bool {
      listing.day != day || listing.place != place
    }
    if !kept.isEmpty, !kept.contains(where: isNew) { return }
    for old in kept where isNew(old) {
      try listed.remove(key(text, old.place), from: .conflicts(old.day))
    }
    try listed.add(
      key(text, place), record, reason: ConflictResolution.reason, to: .conflicts(day))
  }

  private func key(_ text: ConflictText, _ place: SideLine.Place) -> SideLine.Key {
    SideLine.Key(place: place, content: text.content, family: text.family)
  }
}
