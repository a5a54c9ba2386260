import Bytes

/// The text of a list, piece by piece; inflated if it is gzip.
final class KeyListText {
  /// What was read and not passed yet begins at `position`.
  private var buffer = ByteBuffer(capacity: 2 * KeyListText.pieceSize)
  private var position = 0
  /// The line of the next byte, from 1.
  private(set) var line = 1

  private let file: OpenFile
  /// Nil for text that is not compressed.
  private var inflater: Inflater?
  private var isEnded = false

  private static let pieceSize = 256 << 10

  /// - Throws: `FileError` when the list cannot be opened or read.
  init(_ path: Path) throws {
    file = try OpenFile(path)
    file.waitForData()
    while buffer.count < 4, try file.read(KeyListText.pieceSize, into: &buffer) > 0 {}
    if count >= 2, byte(at: 0) == 0x1F, byte(at: 1) == 0x8B {
      inflater = try buffer.withBytes { try Inflater($0) }
      buffer.removeAll()
      _ = try fill()
    }
  }

  /// How much was read and not passed yet.
  var count: Int { buffer.count - position }

  /// Lends what was read and not passed yet.
  func withRest<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    let position = position
    return try buffer.withBytes { try body($0.extracting(position...)) }
  }

  /// The next bytes, which must have been read.
  func copy(_ count: Int) -> [UInt8] { withRest { $0.extracting(..<count).copied() } }

  /// A byte that was read and not passed.
  func byte(at offset: Int) -> UInt8 { withRest { $0[offset] } }

  /// Reads more.
  ///
  /// - Returns: False at the end of the list.
  /// - Throws: `FileError`; `KeyListError` for gzip data that is damaged; `Stopped`.
  func fill() throws -> Bool {
    try StopSignal.check()
    if position > 0 {
      buffer.removeFirst(position)
      position = 0
    }
    if isEnded { return false }
    let before = buffer.count
    while buffer.count == before {
      if let inflater {
        if try inflater.inflate(KeyListText.pieceSize, into: &buffer) { continue }
        var stored = ByteBuffer(capacity: KeyListText.pieceSize)
        isEnded = try file.read(KeyListText.pieceSize, into: &stored) == 0
        inflater.take(stored.bytes)
        if isEnded { try inflater.finish() }
      } else {
        isEnded = try file.read(KeyListText.pieceSize, into: &buffer) == 0
      }
      if isEnded { return buffer.count > before }
    }
    return true
  }

  /// Passes some bytes.
  func pass(_ count: Int) {
    var place = position
    let end = position + count
    while true {
      place = buffer.withBytes {
        ByteSearch.first(ASCII.lineFeed, in: $0.extracting(..<end), from: place)
      }
      if place == end { break }
      place += 1
      line += 1
    }
    position = end
  }

  /// The next byte that satisfies a condition, counted from the next one; nil if there is none within
  /// `limit` bytes.
  func offset(limit: Int, where isWanted: (UInt8) -> Bool) throws -> Int? {
    var offset = 0
    while offset < limit {
      if offset == count {
        guard try fill() else { return nil }
      }
      if isWanted(byte(at: offset)) { return offset }
      offset += 1
    }
    return nil
  }

  /// How many bytes are before the next line feed; nil if they are more than `limit`.
  func lineLength(limit: Int) throws -> Int? {
    var start = 0
    while true {
      let end = withRest { ByteSearch.first(ASCII.lineFeed, in: $0, from: start) }
      if end < count { return end <= limit ? end : nil }
      start = count
      if start > limit { return nil }
      guard try fill() else { return start }
    }
  }

  /// Passes the rest of the line and its end.
  func passLine() throws {
    while true {
      let end = withRest { ByteSearch.first(ASCII.lineFeed, in: $0) }
      if end < count { return pass(end + 1) }
      pass(count)
      guard try fill() else { return }
    }
  }
}

/// What keeps a list from being read.
struct KeyListError: Error {
  let problem: String
}

/// Gzip data of which the pieces come one after the other, all members.
private final class Inflater {
  private var inflater: GzipInflater
  private var stored = ByteBuffer()
  private var position = 0
  /// Whether a member has begun and not ended.
  private var isInMember = false

  init(_ start: Span<UInt8>) throws {
    inflater = try GzipInflater(stopsAfterMember: true)
    stored.append(start)
  }

  func take(_ bytes: Span<UInt8>) { stored.append(bytes) }

  /// Appends text; returns whether there was any.
  func inflate(_ room: Int, into buffer: inout ByteBuffer) throws -> Bool {
    let before = buffer.count
    do {
      while position < stored.count, buffer.count == before {
        isInMember = true
        let pause = try stored.withBytes { (input) throws(GzipError) in
          try inflater.inflate(input, at: &position, into: &buffer, room: room, isWhole: false)
        }
        if pause == .memberEnded {
          inflater.reset()
          isInMember = false
        } else if pause == .inputEnded {
          break
        }
      }
    } catch {
      throw KeyListError(problem: "cannot be inflated: the rest of the list is not read")
    }
    if position == stored.count {
      stored.removeAll()
      position = 0
    }
    return buffer.count > before
  }

  func finish() throws {
    if isInMember { throw KeyListError(problem: "is cut off: the gzip data has no end") }
  }
}
