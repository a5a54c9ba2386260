import Bytes
import CloudTrail
public import Segments

/// What reading is told once for a run.
public struct ReadingOptions: Sendable {
  /// The most bytes that one file may inflate to.
  public var maxInflated = 1 << 30
  /// Whether the whole records before the damage are taken from a damaged file.
  public var salvage = false
  /// Which records are taken.
  public var filter = RecordFilter()
  /// Whether the inflated bytes are hashed, as digests need it.
  public var hashesContent = false

  public init() {}
}

/// Reads files into batches: opens, inflates, splits into records, keys them.
///
/// Each worker has one and keeps it for the run, with its buffers and its inflater. A file is taken
/// as a whole or not at all, however many batches it fills.
public struct FileReader: ~Copyable {
  private let options: ReadingOptions
  private let supply: any BatchSupply
  /// The batch being filled; handed on through the supply when it is full.
  public private(set) var batch: RecordBatch
  private var stored = ByteBuffer(capacity: FileReader.storedWindow)
  private var inflater: GzipInflater
  private var maker: EntryMaker
  private let selector: RecordSelector?
  private var folder: (number: UInt32, open: Box<OpenFolder>)?

  /// How much of a stored file is in memory at once.
  static let storedWindow = 1 << 20

  /// How much is inflated before it is scanned: it stays in the processor's cache, and a file of
  /// very many tiny records is noticed before its entries fill the memory.
  static let inflatedStep = 256 << 10

  /// The largest single record, far above the 256 KB that CloudTrail writes at most; the same for
  /// every memory budget, so that the result does not depend on it.
  static let recordLimit = 16 << 20

  public init(
    options: ReadingOptions, cells: CellTable, batch: RecordBatch, supply: any BatchSupply
  ) throws {
    self.options = options
    self.supply = supply
    self.batch = batch
    inflater = try GzipInflater()
    maker = EntryMaker(cells: cells)
    selector = RecordSelector(options.filter, cells: cells)
  }

  /// Gives up the batch being filled and goes on with an empty one.
  public mutating func handOnBatch() throws {
    batch = try supply.exchange(batch)
  }

  /// Reads one file.
  ///
  /// `number`: The file's number in the run's table of sources.
  ///
  /// - Returns: What became of it; a file that fails is an outcome, not an error.
  /// - Throws: Only what stops the run: a full disk while spilling, for example.
  public mutating func read(
    _ file: InputFile, number: UInt32, in list: FileList
  ) throws -> FileOutcome {
    let facts = list.facts(of: file)
    var context = EntryMaker.Context(facts: facts, factsNumber: file.facts, source: number)
    var shape = FileShape.loose
    if case .log(let family) = facts.kind {
      context.family = family
      shape = family == .aggregated ? .aggregated : .log
    }
    var reading = OneFile(
      context: context, shape: shape, expectedByteCount: file.byteCount, options: options,
      selector: selector, batch: batch)
    do {
      let source = try open(file, in: list)
      try reading.run(source, &stored, &inflater, &maker, &batch, supply)
    } catch let error as ReadError {
      reading.outcome.error = error
    } catch let error as FileError where reading.isReading && !error.isOpenFileLimit {
      reading.outcome.error = .file(error)
    }
    reading.finish(batch, supply)
    return reading.outcome
  }

  /// Opens a file through its folder, which stays open for the next file.
  private mutating func open(_ file: InputFile, in list: FileList) throws(FileError) -> OpenFile {
    if folder?.number != file.folder {
      folder = nil
      folder = (
        file.folder, Box(try OpenFolder(list.folders[Int(file.folder)].path))
      )
    }
    guard let folder else { return try OpenFile(list.path(of: file)) }
    return try OpenFile(list.name(of: file), in: folder.open.value)
  }
}
