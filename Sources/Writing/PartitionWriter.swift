public import Bytes
public import CloudTrail
public import Dataset

/// When a partition goes on in a new file, and whether files are compressed.
public struct PartOptions: Sendable, Equatable {
  /// The most records in a file.
  public var maxRows = Int.max
  /// The bytes before compression past which a new file begins.
  public var maxBytes = Int.max
  /// 1 to 9; nil leaves files uncompressed.
  public var gzipLevel: Int?

  public init(maxRows: Int? = nil, maxBytes: Int? = nil, gzipLevel: Int? = nil) {
    self.maxRows = maxRows ?? .max
    self.maxBytes = maxBytes ?? .max
    self.gzipLevel = gzipLevel
  }
}

/// Writes partitions of one output, one after the other, to the staging area.
///
/// Each worker keeps one for each output, with its buffers, for the whole run. Nothing it writes is
/// visible in the dataset before the commit.
public struct PartitionWriter: ~Copyable {
  /// The encoder with its counters.
  public private(set) var encoder: any RecordEncoder
  private let options: PartOptions
  private let startsWriteback: Bool
  private let compressor: Compressor?
  /// Encoded records that are not written yet.
  private var pending = ByteBuffer(capacity: PartitionWriter.flushSize + (64 << 10))

  private var path: Path = ""
  private var parts: [OutputPart] = []
  private var file: HashedFile?
  /// Bytes of the open file before compression, pending ones included.
  private var plainByteCount = 0
  private var storedByteCount = 0
  private var recordCount = 0
  private var firstTime = EventTime(seconds: 0)
  private var lastTime = EventTime(seconds: 0)

  /// Large enough that a write costs far more than its call, small enough to stay in the cache
  /// between encoding, hashing and writing.
  private static let flushSize = 256 << 10

  /// Makes a writer for one output.
  ///
  /// `startsWriteback`: Whether a finished file starts on its way to the disk at once, for a run
  /// that will wait for the disk in the end.
  public init(
    _ encoder: any RecordEncoder, _ options: PartOptions, startsWriteback: Bool = false
  ) throws(GzipError) {
    self.encoder = encoder
    self.options = options
    self.startsWriteback = startsWriteback
    if let level = options.gzipLevel {
      compressor = try Compressor(level: level)
    } else {
      compressor = nil
    }
  }

  /// Starts a partition that is staged as `path`, where there must be nothing.
  public mutating func begin(at path: Path) {
    self.path = path
    parts = []
  }

  /// Appends a record; records must come in order.
  ///
  /// - Throws: When the disk is full or cannot be written to.
  public mutating func append(
    _ record: Span<UInt8>, at time: EventTime, from origin: RecordOrigin?
  ) throws {
    if file == nil { try openPart() }
    let before = pending.count
    encoder.append(record, from: origin, to: &pending)
    let added = pending.count - before
    if recordCount > 0,
      recordCount == options.maxRows || plainByteCount + added > options.maxBytes
    {
      let bytes = pending.bytes.extracting(before...).copied()
      pending.truncate(to: before)
      try closePart()
      try openPart()
      pending.append(bytes)
    }
    if recordCount == 0 { firstTime = time }
    lastTime = time
    recordCount += 1
    plainByteCount += added
    if pending.count >= PartitionWriter.flushSize { try flush(isLast: false) }
  }

  /// Ends the partition.
  ///
  /// - Returns: Its files in order; none if there were no records.
  public mutating func finish() throws -> StagedParts {
    if file != nil { try closePart() }
    return StagedParts(path: path, parts: parts)
  }

  private mutating func openPart() throws {
    if parts.count == 1 { try FileSystem.putIntoFolder(path, as: parts[0].name) }
    let partPath = parts.isEmpty ? path : path.appending(partName)
    file = HashedFile(try OpenFile(partPath, .writing))
    (plainByteCount, storedByteCount, recordCount) = (0, 0, 0)
    pending.removeAll()
    compressor?.reset()
    encoder.appendHeader(to: &pending)
    plainByteCount = pending.count
  }

  private var partName: String {
    let digits = String(parts.count)
    let zeros = String(repeating: "0", count: max(0, 5 - digits.count))
    let suffix = options.gzipLevel == nil ? "" : ".gz"
    return "part-\(zeros)\(digits).\(encoder.fileExtension)\(suffix)"
  }

  private mutating func closePart() throws {
    try flush(isLast: true)
    guard let file else { return }
    if startsWriteback { file.startWriteback(storedByteCount) }
    parts.append(
      OutputPart(
        name: partName, byteCount: storedByteCount, recordCount: recordCount,
        hash: file.hash.finish(), firstTime: firstTime, lastTime: lastTime))
    self.file = nil
  }

  private mutating func flush(isLast: Bool) throws {
    guard let file else { return }
    if let compressor {
      storedByteCount += try compressor.write(pending.bytes, isLast: isLast, to: file)
    } else {
      storedByteCount += try file.write(pending.bytes)
    }
    pending.removeAll()
  }
}

/// Compresses what goes into a file.
private final class Compressor {
  private var deflater: GzipDeflater
  private var output = ByteBuffer(capacity: 128 << 10)

  init(level: Int) throws(GzipError) {
    deflater = try GzipDeflater(level: level)
  }

  func reset() { deflater.reset() }

  /// Writes what is ready of the compressed bytes; returns how many that were.
  func write(
    _ bytes: Span<UInt8>, isLast: Bool, to file: HashedFile
  ) throws -> Int {
    output.removeAll()
    try deflater.deflate(bytes, isLast: isLast, into: &output)
    return try output.withBytes { try file.write($0) }
  }
}

/// A file being written and the hash of what it holds.
private final class HashedFile {
  private let file: OpenFile
  private(set) var hash = SHA256Hasher()

  init(_ file: consuming OpenFile) {
    self.file = file
  }

  func startWriteback(_ byteCount: Int) { file.startWriteback(0..<byteCount) }

  /// Hashes and writes; returns the number of bytes.
  func write(_ bytes: Span<UInt8>) throws(FileError) -> Int {
    hash.update(bytes)
    try file.write(bytes)
    return bytes.count
  }
}
