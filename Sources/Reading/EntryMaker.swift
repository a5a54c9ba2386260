import Bytes
import CloudTrail
import Segments

/// Turns the captured fields of a record into its entry: key, place and cell.
struct EntryMaker {
  /// A cell that was met lately, by the raw texts that led to it.
  private struct KnownCell {
    var family: Family
    var account: [UInt8]
    var region: [UInt8]
    var day: Day
    /// What the path said; nil where the record tells all itself.
    var facts: PathFacts?
    var number: UInt32

    /// Whether these are the raw texts.
    func isOf(_ account: Span<UInt8>, _ region: Span<UInt8>) -> Bool {
      account.isEqual(to: self.account.span) && region.isEqual(to: self.region.span)
    }
  }

  private let cells: CellTable
  private var known: [KnownCell] = []
  private var lastHit = 0

  /// How many cells a worker remembers; files rarely hold more.
  private static let knownLimit = 32

  init(cells: CellTable) {
    self.cells = cells
  }

  /// The file that the records come from.
  struct Context {
    var family = Family.events
    var facts: PathFacts
    var source: UInt32
  }

  /// The entry of a record at `range`; nil if it has no usable eventTime.
  mutating func entry(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ fields: borrowing RecordFields, index: Int,
    _ context: borrowing Context
  ) -> Entry? {
    guard let key = RecordKey(bytes, range, fields) else { return nil }
    return Entry(
      key, cell: cellNumber(bytes, fields, key.time.day, context), range: range,
      source: context.source, index: UInt32(index))
  }

  /// The entry of something that is kept aside: it belongs to no cell.
  static func rejected(
    _ bytes: Span<UInt8>, _ range: Range<Int>, index: Int, _ context: borrowing Context
  ) -> RejectedEntry {
    var key = RecordKey(contentOf: bytes.extracting(range))
    // Every place counts: with the place for a time the order is by place, and nothing is a copy.
    key.time = EventTime(seconds: Int64(context.source), nanoseconds: UInt32(index))
    let entry = Entry(
      key, cell: 0, range: range, source: context.source, index: UInt32(index))
    return RejectedEntry(entry, family: context.family)
  }

  /// The number of the record's cell: mostly that of the record before.
  private mutating func cellNumber(
    _ bytes: Span<UInt8>, _ fields: borrowing RecordFields, _ day: Day,
    _ context: borrowing Context
  ) -> UInt32 {
    let account = EntryMaker.text(fields[.recipientAccountID])
    let region = EntryMaker.text(fields[.awsRegion])
    // Without an account of its own the record's identity block may tell: too rare to remember.
    let isPlain = !account.isEmpty || context.facts.account != nil
    let usesPath = account.isEmpty || region.isEmpty
    if isPlain {
      for step in known.indices {
        // A cell is looked at where it is: a copy would count references.
        let place = step == 0 ? lastHit : (lastHit + step) % known.count
        if known[place].day == day, known[place].family == context.family,
          !usesPath || known[place].facts == context.facts,
          known[place].isOf(bytes.extracting(account), bytes.extracting(region))
        {
          lastHit = place
          return known[place].number
        }
      }
    }
    var owner = EntryMaker.decoded(bytes, fields[.recipientAccountID]) ?? context.facts.account
    if owner == nil { owner = EntryMaker.identityAccount(bytes, fields) }
    let number = cells.number(
      of: Cell(
        family: context.family, account: owner ?? .missing,
        region: EntryMaker.decoded(bytes, fields[.awsRegion]) ?? context.facts.region ?? .missing,
        day: day))
    if isPlain {
      let cell = KnownCell(
        family: context.family, account: bytes.extracting(account).copied(),
        region: bytes.extracting(region).copied(),
        day: day, facts: usesPath ? context.facts : nil, number: number)
      if known.count < EntryMaker.knownLimit {
        known.append(cell)
        lastHit = known.count - 1
      } else {
        lastHit = (lastHit + 1) % known.count
        known[lastHit] = cell
      }
    }
    return number
  }

  /// The raw text of a string; empty for anything else.
  private static func text(_ field: FieldRange) -> Range<Int> {
    field.isString ? field.range : 0..<0
  }

  /// The value of a string that is not empty.
  private static func decoded(_ bytes: Span<UInt8>, _ field: FieldRange) -> PartitionValue? {
    guard field.isString, !field.range.isEmpty else { return nil }
    var text = ByteBuffer(capacity: field.range.count)
    JSONText.appendDecoded(bytes.extracting(field.range), to: &text)
    return PartitionValue(text.bytes)
  }

  /// `userIdentity.accountId`.
  private static func identityAccount(
    _ bytes: Span<UInt8>, _ fields: borrowing RecordFields
  ) -> PartitionValue? {
    let identity = fields[.userIdentity]
    guard identity.isObject else { return nil }
    var scanner = JSONScanner(bytes, at: identity.range.lowerBound)
    var inner = RecordFields()
    guard (try? inner.capture(&scanner, shape: nil)) != nil else { return nil }
    return decoded(bytes, inner[.accountID])
  }
}
