import Bytes
import CloudTrail
import Listing
public import Segments

/// What reading is given once for a run.
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
  private var folder: Box<OpenFolder>?
  /// The file that is to be read on.
  private var unfinished: OneFile?

  public init(options: ReadingOptions, cells: CellTable) throws {
    self.options = options
    tools = try ReadingTools(cells: cells)
    selector = RecordSelector(options.filter, cells: cells)
  }

  /// Reads one file, until it ends or the batch is full; it is then read on as `ReadStep` says.
  ///
  /// - Parameters:
  ///   - file: The file; the same as before where a batch was full.
  ///   - group: The group that the file is of.
  ///   - batch: The batch of the file before, or an empty one.
  /// - Returns: What became of the file, or that the batch is full; a file that fails is an outcome,
  ///   not an error.
  /// - Throws: Only what stops the run: `Stopped` soon after a signal came, for example.
  public mutating func read(
    _ file: FileGroup.File, of group: FileGroup, into batch: RecordBatch
  ) throws -> ReadStep {
    var reading: OneFile
    if let unfinished = unfinished.take() {
      reading = unfinished
    } else {
      do throws(FileError) {
        reading = try open(file, of: group, batch)
      } catch {
        if error.isOpenFileLimit { throw error }
        return .finished(FileOutcome(failing: .file(error)))
      }
    }
    do {
      if let contents = try reading.read(&tools, into: batch) {
        unfinished = consume reading
        return .full(contents)
      }
    } catch is OneFile.NoLog {
      reading.outcome.skipAsOtherFileType()
    } catch let error as ReadError {
      reading.end(with: error)
    } catch let error as FileError where !error.isOpenFileLimit {
      reading.end(with: .file(error))
    }
    return .finished(reading.finish(batch))
  }

  /// Opens a file, to be read into the room that its first batch has left.
  private mutating func open(
    _ file: FileGroup.File, of group: FileGroup, _ batch: RecordBatch
  ) throws(FileError) -> OneFile {
    let facts = group.facts
    var context = EntryMaker.Context(facts: facts, source: file.number)
    var shape = FileShape.loose
    if case .log(let family) = facts.kind {
      context.family = family
      shape = family == .aggregated ? .aggregated : .log
    }
    return OneFile(
      try open(file, of: group), context: context, shape: shape,
      expectedByteCount: file.byteCount, options: options, selector: selector, batch: batch)
  }

  /// Opens a file through its folder, which stays open for the next file.
  private mutating func open(
    _ file: FileGroup.File, of group: FileGroup
  ) throws(FileError) -> OpenFile {
    if let folder, folder.value.path == group.folder.path {
      return try OpenFile(file.name, in: folder.value)
    }
    folder = nil
    let open = Box(try OpenFolder(group.folder.path))
    folder = open
    return try OpenFile(file.name, in: open.value)
  }
}
