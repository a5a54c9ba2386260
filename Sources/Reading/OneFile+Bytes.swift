import Bytes
import CloudTrail
import Segments

/// The file's bytes in: read, hashed, inflated piece by piece or at once.
extension OneFile {
  /// Reads on until `stored` holds `count` bytes or the file ends; hashes what comes.
  mutating func readMore(
    _ source: borrowing OpenFile, _ stored: inout ByteBuffer, atLeast count: Int
  ) throws(FileError) {
    while !hasEnded, stored.count < max(count, FileReader.storedWindow) {
      let start = stored.count
      let room = FileReader.storedWindow - start
      if room <= 0 { return }
      let read = try source.read(room, into: &stored)
      outcome.storedByteCount += read
      // A file that has grown meanwhile is noticed when its status is compared in the end.
      hasEnded = read == 0 || outcome.storedByteCount == expectedByteCount
      hash.update(stored.bytes.extracting(start..<stored.count))
    }
  }

  /// What the last four bytes of a gzip file say it inflates to (RFC 1952); nil when the file is
  /// not in memory to its end.
  func announcedByteCount(
    _ stored: borrowing ByteBuffer
  ) -> Int? {
    guard stored.count == expectedByteCount, stored.count >= 18 else { return nil }
    let trailer = stored.bytes.extracting(droppingFirst: stored.count - 4)
    return Int(trailer[0]) | Int(trailer[1]) << 8 | Int(trailer[2]) << 16 | Int(trailer[3]) << 24
  }

  mutating func inflateMembers(
    _ source: borrowing OpenFile, _ stored: inout ByteBuffer, _ inflater: inout GzipInflater,
    _ maker: inout EntryMaker, _ batch: inout RecordBatch, _ supply: any BatchSupply,
    announcedByteCount: Int?
  ) throws {
    var position = 0
    while true {
      let before = batch.bytes.count
      if let announcedByteCount, announcedByteCount < batch.bytes.room,
        inflater.inflateWhole(
          stored.bytes, at: &position, into: &batch.bytes, room: announcedByteCount)
      {
        try noteInflated(batch, from: before)
        try scanInSteps(&maker, &batch, supply)
      } else {
        inflater.reset()
        try inflateMember(source, &stored, &position, &inflater, &maker, &batch, supply)
      }
      if stored.count - position < 2 { try refill(source, &stored, &position) }
      let isMember =
        stored.count - position >= 2 && stored.bytes[position] == 0x1F
        && stored.bytes[position + 1] == 0x8B
      if document.shape == .loose && isMember { continue }
      return try passTrailingData(source, &stored, &position)
    }
  }

  /// Scans what was inflated at once as if it had come in steps, so that a file of very many tiny
  /// records is handed on before its entries fill the memory.
  private mutating func scanInSteps(
    _ maker: inout EntryMaker, _ batch: inout RecordBatch, _ supply: any BatchSupply
  ) throws {
    var step = FileReader.inflatedStep
    while document.position + step < batch.bytes.count {
      let before = document.position
      try scan(&maker, &batch, isLast: false, upTo: before + step)
      // A record longer than the step needs a longer one.
      step = document.position == before ? 2 * step : FileReader.inflatedStep
      if batch.isFull { try makeRoom(&maker, &batch, supply) }
    }
  }

  private mutating func inflateMember(
    _ source: borrowing OpenFile, _ stored: inout ByteBuffer, _ position: inout Int,
    _ inflater: inout GzipInflater, _ maker: inout EntryMaker, _ batch: inout RecordBatch,
    _ supply: any BatchSupply
  ) throws {
    while true {
      let before = batch.bytes.count
      let isWhole = stored.count < FileReader.storedWindow
      let pause: GzipInflater.Pause
      do {
        pause = try inflater.inflate(
          stored.bytes, at: &position, into: &batch.bytes,
          room: min(batch.bytes.room, FileReader.inflatedStep), isWhole: isWhole)
      } catch {
        try noteInflated(batch, from: before)
        try? scan(&maker, &batch, isLast: false)
        throw ReadError.gzip(error, offset: outcome.inflatedByteCount)
      }
      try noteInflated(batch, from: before)
      switch pause {
      case .memberEnded: return
      case .roomFull:
        try scan(&maker, &batch, isLast: false)
        if batch.isFull { try makeRoom(&maker, &batch, supply) }
      case .inputEnded:
        try refill(source, &stored, &position)
        if stored.count == position {
          try? scan(&maker, &batch, isLast: false)
          throw ReadError.gzip(.truncated, offset: outcome.inflatedByteCount)
        }
      }
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

  /// Reads what stands behind the gzip data, for the hash, and says whether it is anything.
  private mutating func passTrailingData(
    _ source: borrowing OpenFile, _ stored: inout ByteBuffer, _ position: inout Int
  ) throws(FileError) {
    while true {
      for byte in position..<stored.count
      where document.shape != .loose || stored.bytes[byte] != 0 {
        outcome.hasTrailingData = true
      }
      position = stored.count
      try refill(source, &stored, &position)
      if stored.isEmpty { return }
    }
  }

  mutating func copyPlain(
    _ source: borrowing OpenFile, _ stored: inout ByteBuffer, _ maker: inout EntryMaker,
    _ batch: inout RecordBatch, _ supply: any BatchSupply
  ) throws {
    while !stored.isEmpty {
      var copied = 0
      while copied < stored.count {
        if batch.isFull { try makeRoom(&maker, &batch, supply) }
        let before = batch.bytes.count
        let piece = min(batch.bytes.room, stored.count - copied, FileReader.inflatedStep)
        batch.bytes.append(stored.bytes.extracting(copied..<(copied + piece)))
        copied += piece
        try noteInflated(batch, from: before)
        try scan(&maker, &batch, isLast: false)
      }
      stored.removeAll()
      try readMore(source, &stored, atLeast: 1)
    }
  }

  private mutating func noteInflated(_ batch: RecordBatch, from before: Int) throws(ReadError) {
    outcome.inflatedByteCount += batch.bytes.count - before
    if contentHash != nil {
      batch.withBytes { contentHash?.update($0.extracting(before..<batch.bytes.count)) }
    }
    if outcome.inflatedByteCount > options.maxInflated {
      throw .tooLarge(limit: options.maxInflated)
    }
  }
}
