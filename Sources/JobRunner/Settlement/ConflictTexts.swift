import Bytes
import CloudTrail
import Dataset
import Segments

/// One text of an eventID that the dataset has more than once, with all places where it is.
struct ConflictText {
  /// A copy in a cell, as the cell is now.
  struct Copy {
    /// The number of its cell.
    var cell: UInt32
    /// Its place in the order of the cell.
    var number: Int
    /// Where it was read.
    var place: SourcePlace
    /// Whether the cell had it before this run.
    var isStored = false
  }

  /// A line of a side file that lists it.
  struct Listing {
    var day: Day
    var place: SideLine.Place
    /// Whether the dataset lists it, and not one that is merged into it.
    var isKept = true
    /// Whether a dataset that is merged has all of the day, and says where it is listed now.
    var isReplaced = false
  }

  var family: Family
  var identity: RecordIdentity
  var content: RecordIdentity
  var version = EventVersion()
  /// Where it is kept until the files are written.
  var text: NewTexts.Text?
  /// One for each cell.
  var copies: [Copy] = []
  /// Where it is listed as one that lost: at most once in each dataset.
  var listings: [Listing] = []
}

/// What a text of a doubled eventID is seen as, as a row that can be sorted: texts are together, and so
/// is what tells of a cell, what it had before this run first.
struct ConflictSighting {
  enum Kind: UInt8 { case listed, stored, current }

  /// What the row begins with.
  struct Key: Equatable {
    var family: Family
    var identity: RecordIdentity
    var content: RecordIdentity
  }

  /// A row for a line of a side file.
  static func append(
    _ key: Key, _ listing: ConflictText.Listing, _ text: NewTexts.Text, to row: inout ByteBuffer
  ) {
    begin(key, cell: 0, .listed, &row)
    row.append(row: listing.day)
    row.append(listing.isKept ? 1 : 0)
    row.append(listing.isReplaced ? 1 : 0)
    row.append(rowText: listing.place.path.bytes.span)
    row.append(bigEndian: UInt64(listing.place.index))
    row.append(row: text)
  }

  /// A row for what a cell had before this run.
  static func append(_ key: Key, storedIn cell: UInt32, to row: inout ByteBuffer) {
    begin(key, cell: cell, .stored, &row)
  }

  /// A row for a copy in a cell as it is now.
  static func append(
    _ key: Key, _ copy: ConflictText.Copy, _ version: EventVersion, _ text: NewTexts.Text,
    to row: inout ByteBuffer
  ) {
    begin(key, cell: copy.cell, .current, &row)
    row.append(bigEndian: UInt64(copy.number))
    row.append(bigEndian: copy.place.source)
    row.append(bigEndian: copy.place.index)
    row.append(bigEndian: Int64(version.major))
    row.append(bigEndian: Int64(version.minor))
    row.append(row: text)
  }

  private static func begin(_ key: Key, cell: UInt32, _ kind: Kind, _ row: inout ByteBuffer) {
    row.removeAll()
    row.append(row: key.family)
    row.append(row: key.identity)
    row.append(row: key.content)
    row.append(bigEndian: cell)
    row.append(kind.rawValue)
  }
}

/// Reads sorted sightings as texts, one at a time.
final class ConflictTexts {
  private let rows: SortedRows
  private var hasRow = false

  init(_ rows: SortedRows) throws {
    self.rows = rows
    try rewind()
  }

  /// Goes back to before the first text.
  func rewind() throws {
    try rows.rewind()
    hasRow = try rows.next()
  }

  /// The next text, by family, identity and content; nil after the last.
  func next() throws -> ConflictText? {
    var text: ConflictText?
    /// The cell that had the text before this run.
    var stored: UInt32?
    while hasRow {
      let isOther = rows.withRow { row in
        var parts = RowReader(row)
        let (family, identity, content) = (parts.family(), parts.identity(), parts.identity())
        if text == nil {
          text = ConflictText(family: family, identity: identity, content: content)
        } else if text?.family != family || text?.identity != identity || text?.content != content {
          return true
        }
        let cell = parts.number(UInt32.self)
        let kind = ConflictSighting.Kind(rawValue: parts.number())
        switch kind {
        case .stored: stored = cell
        case .listed:
          let day = parts.day()
          let isKept = parts.number(UInt8.self) == 1
          let isReplaced = parts.number(UInt8.self) == 1
          let path = Path(bytes: parts.text())
          let place = SideLine.Place(path: path, index: Int(parts.number(UInt64.self)))
          text?.listings.append(
            .init(day: day, place: place, isKept: isKept, isReplaced: isReplaced))
          text?.text = parts.textPlace()
        case .current, nil:
          let number = Int(parts.number(UInt64.self))
          let source = parts.number(UInt32.self)
          let place = SourcePlace(source: source, index: parts.number())
          text?.copies.append(
            .init(cell: cell, number: number, place: place, isStored: stored == cell))
          let major = Int(parts.number(Int64.self))
          text?.version = EventVersion(major: major, minor: Int(parts.number(Int64.self)))
          text?.text = parts.textPlace()
        }
        return false
      }
      if isOther { break }
      hasRow = try rows.next()
    }
    return text
  }
}
