public import Bytes
public import CloudTrail
public import Dataset

/// How the files of an output are called, when a partition goes on in a new one, and whether they are
/// compressed.
public struct PartOptions: Sendable, Equatable {
  public var names: PartNames
  /// The most records in a file.
  public var maxRows = Int.max
  /// The bytes before compression past which a new file begins.
  public var maxBytes = Int.max
  /// 1 to 9; nil leaves files uncompressed.
  public var gzipLevel: Int?

  public init(_ output: OutputSpecification) {
    names = output.partNames
    maxRows = output.maxRows ?? .max
    maxBytes = min(output.maxBytes ?? .max, output.format.maximumBytes ?? .max)
    if case .gzip(let level) = output.compression { gzipLevel = level }
  }
}

/// Writes partitions of one output, one after the other, to the staging area.
///
/// Each worker keeps one for each output, with its buffers, for the whole run. Nothing it writes is
/// visible in the dataset before the commit.
public struct PartitionWriter: ~Copyable {
  private var encoder: any RecordEncoder
  private let movesRecords: Bool
  private let options: PartOptions
  private let startsWriteback: Bool
  private let compressor: Compressor?
  /// Encoded records that are not written yet.
  private var pending: ByteBuffer
  /// How much is encoded before it is written, in bytes.
  private let flushSize: Int

  private var path: Path = ""
  private var parts: [OutputPart] = []
  private var file: PartFile?
  /// Bytes of the open file before compression, pending ones included.
  private var plainByteCount = 0
  private var recordCount = 0
  private var firstTime = EventTime(seconds: 0)
  private var lastTime = EventTime(seconds: 0)

  /// Large enough that a write costs far more than its call, small enough to stay in the cache
  /// between encoding, hashing and writing.
  private static let plainFlushSize = 256 << 10

  /// Makes a writer for one output.
  ///
  /// `startsWriteback`: Whether a finished file starts on its way to the disk at once, for a run
  /// that will wait for the disk in the end.
  public init(
    _ encoder: any RecordEncoder, _ options: PartOptions, startsWriteback: Bool = false
  ) throws(GzipError) {
    self.encoder = encoder
    movesRecords = encoder.movesRecords
    self.options = options
    self.startsWriteback = startsWriteback
    if let level = options.gzipLevel {
      compressor = try Compressor(level: level)
      // A member is compressed at once.
      flushSize = GzipDeflater.memberSize
    } else {
      compressor = nil
      flushSize = PartitionWriter.plainFlushSize
    }
    pending = PartitionWriter.buffer(flushingAt: flushSize)
  }

  /// An empty buffer with room for what is written at once and the record that completes it, mostly.
  private static func buffer(flushingAt size: Int) -> ByteBuffer {
    ByteBuffer(capacity: size + (64 << 10))
  }

  /// Starts a partition.
  ///
  /// - Parameters:
  ///   - path: Where it is staged; nothing may be there.
  ///   - folder: Its folder below the dataset.
  public mutating func begin(at path: Path, as folder: Path) {
    encoder.beginPartition(folder)
    self.path = path
    parts = []
    file = nil
  }

  /// Appends a record; records must come in order.
  ///
  /// - Throws: When the disk is full or cannot be written to.
  public mutating func append(
    _ record: Span<UInt8>, at time: EventTime, from origin: RecordOrigin?
  ) throws {
    if file == nil || isFull { try nextPart() }
    let start = pending.count
    try encoder.append(record, from: origin, to: &pending)
    let added = pending.count - start
    if plainByteCount + added > options.maxBytes, recordCount > 0, movesRecords {
      try moveToNextPart(from: start)
    }
    if recordCount == 0 { firstTime = time }
    lastTime = time
    recordCount += 1
    plainByteCount += added
    if pending.count >= flushSize { try flush(isLast: false) }
  }

  /// Whether the next record belongs into a new file, whatever its size.
  private var isFull: Bool {
    recordCount == options.maxRows
      || (!movesRecords && plainByteCount + encoder.keptByteCount >= options.maxBytes)
  }

  /// Ends the partition.
  ///
  /// - Returns: Its files in order, none if there were no records, and what their encoder altered.
  public mutating func finish() throws -> (files: StagedParts, altered: AlteredFields) {
    try closePart()
    return (StagedParts(path: path, parts: parts), encoder.takeAlteredFields())
  }

  private mutating func nextPart() throws {
    try closePart()
    if parts.count == 1 { try FileSystem.putIntoFolder(path, as: parts[0].name) }
    let name = options.names.name(parts.count)
    let partPath = parts.isEmpty ? path : path.appending(name)
    file = try PartFile(partPath, compressor)
    recordCount = 0
    pending.removeAll()
    try encoder.begin(to: &pending, scratch: Path(bytes: path.bytes + Array(".scratch".utf8)))
    plainByteCount = pending.count
  }

  /// Takes the bytes of a record from the open file, and begins the next file with them.
  private mutating func moveToNextPart(from start: Int) throws {
    let record = pending.bytes.extracting(start...).copied()
    pending.truncate(to: start)
    try nextPart()
    pending.append(record)
  }

  private mutating func closePart() throws {
    guard let file else { return }
    while try !encoder.finish(to: &pending) { try flush(isLast: false) }
    try flush(isLast: true)
    if startsWriteback { file.startWriteback() }
    parts.append(
      OutputPart(
        name: options.names.name(parts.count), byteCount: file.byteCount,
        recordCount: recordCount, hash: file.hash, firstTime: firstTime, lastTime: lastTime))
    self.file = nil
  }

  private mutating func flush(isLast: Bool) throws {
    guard let file else { return }
    pending.removeFirst(try file.write(pending.bytes, isLast: isLast))
    // What a long record took is given back.
    if pending.isEmpty && pending.capacity > 4 * flushSize {
      pending = PartitionWriter.buffer(flushingAt: flushSize)
    }
  }
}
