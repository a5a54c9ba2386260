import Bytes
import CloudTrail

/// The reading of one file, from its first byte to its outcome.
struct OneFile {
  var outcome = FileOutcome()
  /// Whether an error of the file system is the file's own, not that of a spill.
  private(set) var isReading = true

  let options: ReadingOptions
  let selector: RecordSelector?
  var context: EntryMaker.Context
  var document: DocumentScanner
  var fields = RecordFields()
  private var hash = SHA256Hasher()
  private var contentHash = SHA256Hasher()

  /// Where this file's bytes begin in the batch.
  var start: Int
  /// Where this file's entries begin in the batch.
  private var firstEntry: Int
  /// Bytes of this file's JSON that earlier batches hold.
  var passedByteCount = 0
  /// Whether all of the file has been read.
  private var hasEnded = false
  /// Whether parts of this file were handed on.
  private var hasParts = false
  /// Objects that have what only CloudTrail records have.
  var eventCount = 0

  init(
    context: EntryMaker.Context, shape: FileShape, options: ReadingOptions,
    selector: RecordSelector?, batch: RecordBatch
  ) {
    self.context = context
    self.options = options
    self.selector = selector
    start = batch.bytes.count
    firstEntry = batch.entries.count
    document = DocumentScanner(shape: shape, at: batch.bytes.count)
  }

  /// Reads the file to its end.
  mutating func run(
    _ source: borrowing OpenFile, _ stored: inout ByteBuffer, _ inflater: inout GzipInflater,
    _ maker: inout EntryMaker, _ batch: inout RecordBatch, _ supply: any BatchSupply,
    expectedByteCount: Int
  ) throws {
    stored.removeAll()
    try readMore(source, &stored, atLeast: 2)
    guard !stored.isEmpty else { throw ReadError.empty }
    let isGzip = stored.count >= 2 && stored.bytes[0] == 0x1F && stored.bytes[1] == 0x8B
    let inflatedCount = isGzip ? announcedByteCount(stored, expectedByteCount) : nil
    let expected = inflatedCount ?? (isGzip ? expectedByteCount * 10 : expectedByteCount)
    try makeRoomAhead(expected, &batch, supply)
    if isGzip {
      try inflateMembers(
        source, &stored, &inflater, &maker, &batch, supply, announcedByteCount: inflatedCount)
    } else {
      try copyPlain(source, &stored, &maker, &batch, supply)
    }
    try scan(&maker, &batch, isLast: true)
    if document.documentCount == 0 { throw ReadError.empty }
    let byteCount = try source.status().byteCount
    if outcome.storedByteCount != expectedByteCount || byteCount != expectedByteCount {
      throw ReadError.changed
    }
  }

  /// Settles the file: takes its records for good, or none of them.
  mutating func finish(_ batch: RecordBatch, _ supply: any BatchSupply) {
    outcome.hash = hash.finish()
    if options.hashesContent { outcome.contentHash = contentHash.finish() }
    if document.shape != .log && eventCount == 0 && outcome.error == nil {
      outcome.isWithoutRecords = document.recordArrayCount == 0 || outcome.recordCount > 0
    }
    let isKept =
      outcome.error == nil ? !outcome.isWithoutRecords : options.salvage && eventCount > 0
    if !isKept {
      batch.entries.removeSubrange(firstEntry...)
      batch.bytes.truncate(to: start)
      outcome.recordCount = 0
      outcome.rejectedCount = 0
      outcome.filteredCounts = []
      (outcome.firstTime, outcome.lastTime) = (nil, nil)
    }
    if isKept { dropRest(of: batch) }
    if hasParts {
      if isKept { supply.keepParts() } else { supply.dropParts() }
    }
  }

  /// Gives back the room behind the last record that was taken: much, when most are left out.
  private func dropRest(of batch: RecordBatch) {
    let hasEntries = batch.entries.count > firstEntry
    batch.bytes.truncate(to: hasEntries ? batch.entries.last?.range.upperBound ?? start : start)
  }

  // MARK: Bytes in

  /// Reads on until `stored` holds `count` bytes or the file ends; hashes what comes.
  private mutating func readMore(
    _ source: borrowing OpenFile, _ stored: inout ByteBuffer, atLeast count: Int
  ) throws(FileError) {
    while !hasEnded, stored.count < max(count, FileReader.storedWindow) {
      let start = stored.count
      let room = FileReader.storedWindow - start
      if room <= 0 { return }
      let read = try source.read(room, into: &stored)
      hasEnded = read == 0
      outcome.storedByteCount += read
      hash.update(stored.bytes.extracting(start..<stored.count))
    }
  }

  /// What the last four bytes of a gzip file say it inflates to (RFC 1952); nil when the file is
  /// not in memory to its end.
  private func announcedByteCount(
    _ stored: borrowing ByteBuffer, _ storedByteCount: Int
  ) -> Int? {
    guard stored.count == storedByteCount, storedByteCount >= 18 else { return nil }
    let trailer = stored.bytes.extracting(droppingFirst: storedByteCount - 4)
    return Int(trailer[0]) | Int(trailer[1]) << 8 | Int(trailer[2]) << 16 | Int(trailer[3]) << 24
  }

  /// Begins a new batch when the file looks too large for what is left of this one.
  private mutating func makeRoomAhead(
    _ expected: Int, _ batch: inout RecordBatch, _ supply: any BatchSupply
  ) throws {
    guard !batch.bytes.isEmpty, expected >= batch.bytes.room || batch.isFull else { return }
    batch = try exchange(batch, supply, isPart: false)
    begin(in: batch)
  }

  private mutating func begin(in batch: RecordBatch) {
    start = batch.bytes.count
    firstEntry = batch.entries.count
    document.position = start
  }

  private mutating func inflateMembers(
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

  private mutating func copyPlain(
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
    if options.hashesContent {
      batch.withBytes { contentHash.update($0.extracting(before..<batch.bytes.count)) }
    }
    if outcome.inflatedByteCount > options.maxInflated {
      throw .tooLarge(limit: options.maxInflated)
    }
  }

  // MARK: Room

  /// Makes room behind the bytes that are not scanned yet.
  private mutating func makeRoom(
    _ maker: inout EntryMaker, _ batch: inout RecordBatch, _ supply: any BatchSupply
  ) throws {
    if start > 0 {
      // Other files share the batch: this one moves into a batch of its own.
      try moveToOwnBatch(&batch, supply)
    } else if document.position > 0 {
      // The batch is this file's alone: hand on what is scanned, keep the unfinished rest.
      let rest = takeRest(of: batch, from: document.position)
      passedByteCount += document.position
      batch = try exchange(batch, supply, isPart: true)
      hasParts = true
      begin(in: batch)
      batch.bytes.append(rest)
    }
    if batch.bytes.room == 0 {
      guard batch.bytes.count < FileReader.recordLimit else {
        throw ReadError.recordTooLarge(offset: passedByteCount, limit: FileReader.recordLimit)
      }
      batch.bytes.reserve(batch.bytes.capacity)
    }
  }

  private mutating func moveToOwnBatch(
    _ batch: inout RecordBatch, _ supply: any BatchSupply
  ) throws {
    let rest = takeRest(of: batch, from: start)
    var entries = Array(batch.entries[firstEntry...])
    for index in entries.indices { entries[index].offset -= UInt32(start) }
    batch.entries.removeSubrange(firstEntry...)
    let scanned = document.position - start
    batch = try exchange(batch, supply, isPart: false)
    begin(in: batch)
    batch.bytes.append(rest)
    batch.entries.append(contentsOf: entries)
    document.position = scanned
  }

  private func takeRest(of batch: RecordBatch, from position: Int) -> [UInt8] {
    let rest = batch.withBytes { $0.extracting(position...).copied() }
    batch.bytes.truncate(to: position)
    return rest
  }

  /// Hands on a batch; an error meanwhile is the run's, not the file's.
  private mutating func exchange(
    _ batch: RecordBatch, _ supply: any BatchSupply, isPart: Bool
  ) throws -> RecordBatch {
    isReading = false
    let fresh = try isPart ? supply.exchangePart(batch) : supply.exchange(batch)
    isReading = true
    return fresh
  }
}
