public import Bytes
import CloudTrail

/// Reads the lines of NDJSON files through a window, checking each file against its hash.
public final class LineReader {
  /// Holds the current line and what follows it.
  private(set) var buffer = ByteBuffer(capacity: LineReader.windowSize)
  /// Where the current line is in the buffer, without its end.
  private(set) var line = 0..<0

  private let stream: StoredStream
  /// The hash of the open file as it was committed.
  private var hash: SHA256Digest?
  private var position = 0
  /// Where the next line's end is looked for.
  private var searched = 0

  private static let windowSize = 64 << 10

  public init() throws(GzipError) {
    stream = try StoredStream()
  }

  /// Bytes of the open file as stored, so far.
  public var byteCount: Int { stream.byteCount }

  /// Whether the file that was read to its end has bytes after its last line.
  public var hasUnendedLine: Bool { hash == nil && !buffer.isEmpty }

  /// Goes on with the next file; the one before must have been read to its end.
  ///
  /// - Throws: `DatasetError.changedFromOutside` when it is missing.
  public func open(_ file: StoredSegment.File) throws {
    try begin { try stream.open(file) }
    hash = file.part.hash
  }

  /// Goes on with a file that is not compressed; the one before must have been read to its end.
  ///
  /// `committed`: Its hash as it was committed.
  ///
  /// - Throws: `DatasetError.changedFromOutside` when it is missing.
  func open(_ path: Path, _ committed: SHA256Digest) throws {
    try begin { try stream.open(path, isCompressed: false) }
    hash = committed
  }

  private func begin(_ open: () throws -> Void) throws {
    hash = nil
    buffer.removeAll()
    (line, position, searched) = (0..<0, 0, 0)
    try open()
  }

  /// Lends the current line, without its end.
  public func withLine<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try buffer.withBytes { try body($0.extracting(line)) }
  }

  /// Goes to the next line of the file.
  ///
  /// - Returns: False at the end of the file, or before the first.
  /// - Throws: `DatasetError.changedFromOutside` at the end of a file with other bytes.
  public func next() throws -> Bool { try next(upTo: .max) == .line }

  /// What comes next in a file.
  enum Next {
    case line
    /// A line of which only the beginning is read: to be asked for again.
    case longLine
    case end
  }

  /// Goes to the next line of the file, unless it is found to be longer than `limit`.
  ///
  /// - Throws: As `next`.
  func next(upTo limit: Int) throws -> Next {
    guard hash != nil else { return .end }
    while true {
      let end = buffer.withBytes { ByteSearch.first(ASCII.lineFeed, in: $0, from: searched) }
      if end < buffer.count {
        line = position..<end
        position = end + 1
        searched = position
        return .line
      }
      buffer.removeFirst(position)
      position = 0
      searched = buffer.count
      if buffer.count > limit { return .longLine }
      if try !stream.read(into: &buffer) {
        try finish()
        return .end
      }
    }
  }

  /// Forgets the current line, and gives back the memory that it took.
  func dropLine() {
    var rest = ByteBuffer(capacity: LineReader.windowSize)
    buffer.withBytes { rest.append($0.extracting(position...)) }
    buffer = rest
    (line, position, searched) = (0..<0, 0, 0)
  }

  /// Ends the file, and checks that it is the one that was committed.
  public func finish() throws {
    guard let hash else { return }
    self.hash = nil
    try stream.readToEnd()
    guard stream.hash == hash else {
      throw DatasetError.altered(stream.path)
    }
  }
}
