import Bytes
import CloudTrail
import Segments

/// The file's bytes in: read, hashed, inflated piece by piece or at once.
extension OneFile {
  /// Reads on until `stored` holds `count` bytes or the file ends; hashes what comes.
  mutating func readMore(
    _ source: borrowing OpenFile, _ stored: inout ByteBuffer, atLeast count: Int
  ) throws(FileError) {
    while !hasEnded, stored.count < max(count, ReadingTools.storedWindow) {
      let start = stored.count
      let room = ReadingTools.storedWindow - start
      if room <= 0 { return }
      let read = try source.read(room, into: &stored)
      outcome.storedByteCount += read
      // A file that has grown meanwhile is noticed when its status is compared in the end.
      hasEnded = read == 0 || outcome.storedByteCount == expectedByteCount
      hash.update(stored.bytes.extracting(start..<stored.count))
    }
  }

  /// Drops the bytes used up and reads more.
  private mutating func refill(
    _ source: borrowing OpenFile, _ stored: inout ByteBuffer, _ position: inout Int
  ) throws(FileError) {
    stored.removeFirst(position)
    position = 0
    try readMore(source, &stored, atLeast: stored.count + 1)
  }

  /// How many bytes the next step may add to the batch: at least one, and at most one too many.
  private mutating func roomForStep(_ tools: inout ReadingTools) throws -> Int {
    if tools.batch.isFull { try makeRoom(&tools) }
    let allowed = options.maxInflated - outcome.inflatedByteCount
    return min(tools.batch.bytes.room, ReadingTools.inflatedStep, allowed + 1)
  }

  mutating func copyPlain(_ source: borrowing OpenFile, _ tools: inout ReadingTools) throws {
    while !tools.stored.isEmpty {
      var copied = 0
      while copied < tools.stored.count {
        let piece = min(try roomForStep(&tools), tools.stored.count - copied)
        let before = tools.batch.bytes.count
        tools.batch.bytes.append(tools.stored.bytes.extracting(copied..<(copied + piece)))
        copied += piece
        try takeIn(from: before, &tools)
      }
      tools.stored.removeAll()
      try readMore(source, &tools.stored, atLeast: 1)
    }
  }

  // MARK: Gzip

  /// Inflates a file of one member, or a loose file of several.
  ///
  /// An error in the text waits until all is inflated: damaged gzip data is mostly noticed after the
  /// text that comes out of it, and is then the better reason.
  mutating func inflateMembers(_ source: borrowing OpenFile, _ tools: inout ReadingTools) throws {
    var position = 0
    while true {
      try inflateMember(source, &tools, &position)
      if tools.stored.count - position < 2 { try refill(source, &tools.stored, &position) }
      let isMember =
        tools.stored.count - position >= 2 && tools.stored.bytes[position] == 0x1F
        && tools.stored.bytes[position + 1] == 0x8B
      if document.shape == .loose && isMember { continue }
      return try passTrailingData(source, &tools.stored, &position)
    }
  }

  private mutating func inflateMember(
    _ source: borrowing OpenFile, _ tools: inout ReadingTools, _ position: inout Int
  ) throws {
    let (memberStart, textStart) = (position, outcome.inflatedByteCount)
    let byteCount = announcedByteCount(tools.stored)
    if let byteCount, byteCount < tools.batch.bytes.room {
      let before = tools.batch.bytes.count
      let isSound = tools.inflater.inflateWhole(
        tools.stored, at: &position, into: &tools.batch.bytes, room: byteCount)
      if isSound { return try takeIn(from: before, &tools) }
    }
    do {
      try inflateInSteps(source, &tools, &position)
    } catch let error as GzipError {
      if let byteCount {
        position = memberStart
        let passed = outcome.inflatedByteCount - textStart
        if try inflateRest(of: byteCount, after: passed, &tools, &position) { return }
      }
      try scan(&tools, .cut)
      throw ReadError.gzip(error, offset: outcome.inflatedByteCount)
    }
  }

  /// The largest text that is inflated at once.
  private static var wholeLimit: Int { 8 << 20 }

  /// What the last four bytes of a gzip file say it inflates to (RFC 1952); nil when the file is not in
  /// memory to its end, or the text is not one to be inflated at once.
  func announcedByteCount(_ stored: borrowing ByteBuffer) -> Int? {
    guard stored.count == expectedByteCount, stored.count >= 18 else { return nil }
    let trailer = stored.bytes.extracting(droppingFirst: stored.count - 4)
    let byteCount =
      Int(trailer[0]) | Int(trailer[1]) << 8 | Int(trailer[2]) << 16 | Int(trailer[3]) << 24
    return byteCount <= OneFile.wholeLimit ? byteCount : nil
  }

  /// Asks libdeflate about a member that zlib took for damaged, and takes the rest of its text in.
  ///
  /// The two disagree about codes that RFC 1951 leaves unused. Where there was room for the text, only
  /// libdeflate was asked: so it has the last word where there was none, too.
  ///
  /// `passed`: How many bytes of the member's text zlib gave.
  ///
  /// - Returns: Whether the member is sound; `position` is then after it.
  private mutating func inflateRest(
    of byteCount: Int, after passed: Int, _ tools: inout ReadingTools, _ position: inout Int
  ) throws -> Bool {
    var text = ByteBuffer(capacity: byteCount)
    guard
      tools.inflater.inflateWhole(
        tools.stored, at: &position, into: &text, room: byteCount)
    else { return false }
    var copied = passed
    while copied < text.count {
      let piece = min(try roomForStep(&tools), text.count - copied)
      let before = tools.batch.bytes.count
      tools.batch.bytes.append(text.bytes.extracting(copied..<(copied + piece)))
      copied += piece
      try takeIn(from: before, &tools)
    }
    return true
  }

  private mutating func inflateInSteps(
    _ source: borrowing OpenFile, _ tools: inout ReadingTools, _ position: inout Int
  ) throws {
    tools.inflater.reset()
    while true {
      let room = try roomForStep(&tools)
      let before = tools.batch.bytes.count
      let isWhole = tools.stored.count < ReadingTools.storedWindow
      let pause: GzipInflater.Pause
      do {
        pause = try tools.inflater.inflate(
          tools.stored, at: &position, into: &tools.batch.bytes, room: room,
          isWhole: isWhole)
      } catch {
        try takeIn(from: before, &tools)
        throw error
      }
      try takeIn(from: before, &tools)
      switch pause {
      case .memberEnded: return
      case .roomFull: continue
      case .inputEnded:
        try refill(source, &tools.stored, &position)
        if tools.stored.isEmpty { throw GzipError.truncated }
      }
    }
  }

  /// Reads what comes after the gzip data, for the hash, and notes whether it is anything.
  private mutating func passTrailingData(
    _ source: borrowing OpenFile, _ stored: inout ByteBuffer, _ position: inout Int
  ) throws {
    while true {
      for byte in position..<stored.count
      where document.shape != .loose || stored.bytes[byte] != 0 {
        outcome.hasTrailingData = true
      }
      position = stored.count
      try refill(source, &stored, &position)
      if stored.isEmpty { return }
      if StopSignal.number != nil { throw Stopped() }
    }
  }
}
