public import Bytes
public import CloudTrail
import Dataset
public import JobFiles
import Listing
import Reading
import Segments

/// Says of the objects that lists name which ones a job would read and its dataset does not have.
///
/// Of the dataset only the ledger is read, and what is known of digests; without the lock, so that a run may
/// be at work.
public struct NewKeys {
  /// Which keys are written.
  public enum Choice: Sendable {
    /// Those that are to be fetched.
    case new
    /// Those that the dataset has.
    case known
    /// All that the job would read; the dataset is not opened.
    case all
  }

  /// What to write, and how lists are meant.
  public struct Options: Sendable {
    public var choice = Choice.new
    /// The input that the keys are of, by its name; nil for all inputs.
    public var input: String?
    /// Where keys begin whose list does not name a bucket.
    public var base: BucketAddress?

    public init() {}
  }

  /// What the lists had.
  public struct Counts: Sendable, Equatable {
    /// Objects that were named, each as often as it was.
    public var listed = 0
    /// Different files that are written if new keys are asked for.
    public var new = 0
    /// Different files that the dataset has.
    public var known = 0
    /// Objects that the job does not read.
    public var notSelected = 0
    /// Objects of no input, or of another one than asked for.
    public var elsewhere = 0
    /// Lines, documents and keys that were refused.
    public var problems = 0

    public init() {}
  }

  public private(set) var counts = Counts()
  /// The first problems, each a sentence that names the list and the line.
  public private(set) var problems: [String] = []
  /// The first object of no input.
  public private(set) var firstElsewhere: String?

  private let inputs: KeyInputs
  private var filter: KeyFilter
  private let validates: Bool
  private let comparison: KeyComparison
  private let options: Options
  /// The folder of the key before: mostly that of the next one too.
  private var lastFolder: (input: Path, path: [UInt8], folder: ListedFolder?)?

  /// How many problems are described.
  private static let problemLimit = 20

  /// - Parameters:
  ///   - job: What is read, and where its dataset is.
  ///   - options: What to write.
  ///   - scratch: Where to sort what exceeds the memory.
  /// - Throws: `RunError.usage` for an input that is not the job's.
  public init(of job: Job, _ options: Options, scratch: TemporaryFiles) throws {
    inputs = try KeyInputs(job, options)
    filter = KeyFilter(
      families: Set(job.families), filter: job.select.fileFilter, shard: job.shard)
    (validates, self.options) = (job.validate, options)
    comparison = KeyComparison(job, memory: job.memoryBudget / 4) {
      try scratch.path()
    }
  }

  // MARK: Lists

  /// Reads a list.
  ///
  /// - Parameters:
  ///   - path: Where it is, or `/dev/stdin`.
  ///   - name: What messages call it.
  /// - Throws: `FileError` when it cannot be read or the disk is full; `Stopped`.
  public mutating func read(_ path: Path, called name: String) throws {
    try KeyList(path).read { item, line in
      switch item {
      case .noKey: break
      case .problem(let problem): note("\(name) line \(line) \(problem)")
      case .key(let key): try take(key) { "\(name) line \(line)" }
      }
    }
  }

  private mutating func note(_ problem: String) {
    counts.problems += 1
    if problems.count < NewKeys.problemLimit { problems.append(printable(problem)) }
  }

  private mutating func take(_ key: ListedKey, _ place: () -> String) throws {
    if key.isFolder, ObjectKey.problem(key.key) == nil { return }
    counts.listed += 1
    if let problem = ObjectKey.problem(key.key) {
      return note("\(place()) is refused: the key \(NewKeys.shown(key.key)) \(problem)")
    }
    let found: (KeyInput, ArraySlice<UInt8>)?
    do {
      found = try inputs.place(of: key)
    } catch let error as KeyPlaceError {
      return note("\(place()) is refused: the key \(NewKeys.shown(key.key)) \(error)")
    }
    guard let (input, path) = found else {
      counts.elsewhere += 1
      if firstElsewhere == nil {
        firstElsewhere = ObjectKey(bucket: key.bucket ?? [], key: key.key).description
      }
      return
    }
    guard try add(path, of: input, key.byteCount) else {
      counts.notSelected += 1
      return
    }
  }

  private static func shown(_ key: [UInt8]) -> String {
    printable(bytes: Array(key.prefix(shownLength))) + (key.count > shownLength ? "…" : "")
  }

  /// How many bytes of a key are shown.
  private static let shownLength = 300

  /// Notes a file that the job would read; returns whether it would.
  ///
  /// `path`: Below the input, as the key has it.
  private mutating func add(
    _ path: ArraySlice<UInt8>, of input: KeyInput, _ byteCount: Int?
  ) throws -> Bool {
    let start = path.lastIndex(of: ASCII.slash).map { $0 + 1 } ?? path.startIndex
    let name = path[start...]
    guard NewKeys.isRead(name), let folder = folder(path[..<start], of: input) else {
      return false
    }
    let source = folder.source.appending(Array(name))
    let written = inputs.written(path, of: input)
    if let facts = filter.factsOfLog(name, in: folder) {
      let slot = DeliverySlot(day: facts.delivery, source: source)
      try comparison.add(KeyRow(source, in: slot, isDigest: false, byteCount, written))
      return true
    }
    guard validates, filter.takesDigest(source) else { return false }
    let slot = DigestFacts.slot(of: source)
    try comparison.add(KeyRow(source, in: slot, isDigest: true, nil, written))
    return true
  }

  /// A folder below an input; nil for one in which nothing is read.
  private mutating func folder(
    _ path: ArraySlice<UInt8>, of input: KeyInput
  ) -> ListedFolder? {
    if let last = lastFolder, last.input == input.name, last.path.elementsEqual(path) {
      return last.folder
    }
    let parts = path.split(separator: ASCII.slash)
    let folder = parts.allSatisfy(NewKeys.isRead) ? input.folder(parts[...]) : nil
    lastFolder = (input.name, Array(path), folder)
    return folder
  }

  /// Whether a file or folder with this name is looked at: not if it is hidden, or our own.
  private static func isRead(_ name: ArraySlice<UInt8>) -> Bool {
    name.first != ASCII.dot && !name.elementsEqual(OwnFolder.name.bytes)
  }

  // MARK: Results

  /// Compares the keys with the dataset and writes those that are asked for, each once, in byte order.
  ///
  /// - Parameter write: Is given lines, with their ends.
  /// - Throws: `DatasetError` for a dataset that is damaged; `FileError`; what `write` throws; `Stopped`.
  /// - Complexity: O(keys · log keys), and the ledger's files of their deliveries.
  public mutating func finish(_ write: (Span<UInt8>) throws -> Void) throws {
    if counts.listed > 0, counts.elsewhere == counts.listed {
      let first = firstElsewhere ?? ""
      note("no key is of \(inputs): the first one is \(first)")
    }
    let result = try comparison.compare(options.choice)
    (counts.new, counts.known) = (result.newCount, result.knownCount)
    var lines = ByteBuffer(capacity: NewKeys.pieceSize)
    while try result.keys.next() {
      result.keys.withRow { lines.append($0) }
      lines.append(ASCII.lineFeed)
      if lines.count >= NewKeys.pieceSize {
        try write(lines.bytes)
        lines.removeAll()
      }
    }
    if !lines.isEmpty { try write(lines.bytes) }
  }

  private static let pieceSize = 64 << 10
}
