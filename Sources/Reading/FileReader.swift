import Bytes
import CloudTrail
public import Listing
public import Segments

/// What reading is told once for a run.
public struct ReadingOptions: Sendable {
  /// The most bytes that one file may inflate to.
  public var maxInflated = 1 << 30
  /// The most bytes that one record may have, far above the 256 KB that CloudTrail writes at most.
  ///
  /// Counted are its bytes in the inflated file, from the first to the last, with white space and with
  /// the envelope that it comes in. The same holds for what a document has before its array of records
  /// and for each of its members after it: what must be in memory at once.
  public var maxRecord = 16 << 20
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
/// as a whole or not at all, however many batches it fills. What becomes of it depends on its bytes and
/// the options alone, never on the size of batches or on what else is in them.
public struct FileReader: ~Copyable {
  private let options: ReadingOptions
  private var tools: ReadingTools
  private let selector: RecordSelector?
  private var folder: (number: UInt32, open: Box<OpenFolder>)?

  /// The batch being filled.
  public var batch: RecordBatch { tools.batch }

  public init(
    options: ReadingOptions, cells: CellTable, batch: RecordBatch, supply: any BatchSupply
  ) throws {
    self.options = options
    tools = try ReadingTools(cells: cells, batch: batch, supply: supply)
    selector = RecordSelector(options.filter, cells: cells)
  }

  /// Gives up the batch being filled and goes on with an empty one.
  public mutating func handOnBatch() throws {
    tools.batch = try tools.supply.exchange(tools.batch)
  }

  /// Reads one file.
  ///
  /// `number`: The file's number in the run's table of sources.
  ///
  /// - Returns: What became of it; a file that fails is an outcome, not an error.
  /// - Throws: Only what stops the run: a full disk while spilling, for example, or `Stopped` soon after
  ///   a signal came.
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
      selector: selector, batch: tools.batch)
    do {
      let source = try open(file, in: list)
      try reading.run(source, &tools)
    } catch is OneFile.NoLog {
      reading.outcome.skipAsOtherFileType()
    } catch let error as ReadError {
      reading.end(with: error)
    } catch let error as FileError where reading.isReading && !error.isOpenFileLimit {
      reading.end(with: .file(error))
    }
    reading.finish(tools)
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
