public import Bytes
import Segments

/// What a run needs to know of a file to leave it out.
public struct SeenFile: Sendable, Equatable {
  /// What the ledger has of it, as far as that decides whether it is read again.
  public enum State: UInt8, Sendable {
    case read = 1
    case noRecord
    case otherFileType
    /// The ledger tells whether it is to be read again.
    case open
    /// It was read when nobody kept the hash of its text, which digests list.
    case unhashed
  }

  /// What reports call it.
  public var path: Path
  public var byteCount: Int
  /// When it was modified, as of when its hash was taken, in nanoseconds since 1970; nil if not known.
  public var modified: Int64?
  public var state: State

  public init(_ entry: LedgerEntry) {
    (path, byteCount, modified) = (entry.path, entry.byteCount, entry.modified)
    state =
      switch entry.outcome {
      case .failed, .salvaged: .open
      case _ where entry.firstPostponedTime != nil: .open
      case .noRecord: .noRecord
      case .otherFileType: .otherFileType
      case .read, .trailingData: entry.lacksContentHash ? .unhashed : .read
      }
  }

  init(path: Path, byteCount: Int, modified: Int64?, state: State) {
    (self.path, self.byteCount, self.modified, self.state) = (path, byteCount, modified, state)
  }
}

/// The files of a delivery as the last run saw them.
///
/// A hint that saves opening the ledger and reading files again, and no part of what the dataset holds:
/// it is outside the tree of hashes, and counts only beside the ledger file that it was written for.
///
/// All numbers are little-endian.
/// ```
/// `TMSEEN02`, SHA-256 of the ledger file 32, CRC-32 of what follows 4
/// for each of the ledger's entries, in order:
///   path, without the bytes that the path before begins with too
///   byte count, as a varint
///   when it was modified 8: nanoseconds since 1970, the least number if that is not known
///   state 1
/// ```
enum SeenFormat {
  static let magic = Array("TMSEEN02".utf8)
  static let unknownTime = Int64.min
  static let headerSize = 8 + 32 + 4

  static func start(_ ledger: SHA256Digest) -> [UInt8] {
    var start = ByteBuffer(capacity: headerSize)
    start.append(magic)
    start.append(ledger)
    return start.bytes.copied()
  }
}

/// Makes the file of one delivery.
struct SeenWriter: ~Copyable {
  private var body = ByteBuffer()
  private var paths = PrefixWriter()

  mutating func append(_ file: SeenFile) {
    paths.append(file.path.bytes, to: &body)
    body.append(varint: file.byteCount)
    body.append(littleEndian: file.modified ?? SeenFormat.unknownTime)
    body.append(file.state.rawValue)
  }

  /// The whole file.
  ///
  /// `ledger`: The hash of the ledger file that it goes with.
  func text(_ ledger: SHA256Digest) -> [UInt8] {
    var output = ByteBuffer(capacity: SeenFormat.headerSize + body.count)
    output.append(SeenFormat.start(ledger))
    output.append(littleEndian: Checksum(of: body.bytes).value)
    output.append(body.bytes)
    return output.bytes.copied()
  }
}

/// Reads the file of one delivery.
struct SeenReader {
  private let text: [UInt8]
  private var position = SeenFormat.headerSize
  private var paths = PrefixReader()

  /// - Returns: Nil for a file that is not there, or does not go with the ledger file of this hash.
  init?(_ slot: DeliverySlot, _ layout: DatasetLayout, ledger: SHA256Digest) {
    guard (try? layout[.seen(slot)].checkIsFile()) != nil,
      let text = try? FileSystem.contents(of: layout[.seen(slot)]),
      text.count >= SeenFormat.headerSize, text.starts(with: SeenFormat.start(ledger))
    else { return nil }
    let body = text.span.extracting(SeenFormat.headerSize...)
    let checksum = text.span.number(at: SeenFormat.headerSize - 4, as: UInt32.self)
    guard Checksum(of: body).value == checksum else { return nil }
    self.text = text
  }

  /// The next file; nil after the last.
  mutating func next() -> SeenFile? {
    guard position < text.count else { return nil }
    let text = text
    var row = RowReader(text.span, at: position)
    paths.next(&row)
    let byteCount = row.varint()
    let modified: Int64 = row.littleEndian()
    let state = SeenFile.State(rawValue: row.byte()) ?? .open
    position = row.position
    return SeenFile(
      path: Path(bytes: paths.text), byteCount: byteCount,
      modified: modified == SeenFormat.unknownTime ? nil : modified, state: state)
  }
}

/// What the next run is to know of files, once the ledger is committed that it goes with.
public struct SeenUpdate: Sendable {
  private let spool: Spool
  private var places: [(slot: DeliverySlot, bytes: Range<Int>)] = []

  /// `scratch`: Gives the name that a temporary file has for a moment.
  init(_ scratch: @escaping @Sendable () throws -> Path) {
    spool = Spool(scratch)
  }

  mutating func add(_ slot: DeliverySlot, _ text: Span<UInt8>) throws {
    let start = try spool.append(text)
    places.append((slot, start..<(start + text.count)))
  }

  /// Writes the files; without one the next run takes hashes again.
  ///
  /// - Throws: `FileError`.
  public func write(to layout: DatasetLayout) throws {
    var text = ByteBuffer()
    for (slot, bytes) in places {
      text.removeAll()
      try spool.read(bytes.count, at: bytes.lowerBound, into: &text)
      let path = layout[.seen(slot)]
      try FileSystem.createFolders(path.parent)
      try FileSystem.replaceContents(of: path, with: text.bytes)
    }
  }
}
