public import Bytes
public import CloudTrail
import Synchronization

/// Numbers for the files that records come from, so that an entry names its file in four bytes.
///
/// The files of this run have the first numbers, in the byte order of their paths; those of earlier
/// runs, met in the dataset, get theirs as they come up. Shared by all workers. The paths are in memory
/// only as far as that is little.
public final class SourceTable: Sendable {
  private struct State: ~Copyable {
    var paths: PathStore
    /// The numbers below it are those of this run's files.
    var currentCount: UInt32 = 0
    /// The numbers of paths that were met together, by where.
    var lists: [Path: Range<UInt32>] = [:]
    var singles: [Path: UInt32] = [:]
  }

  private let state: Mutex<State>
  private let cache = PathCache()
  /// Set once the files of this run are all known, and read without a lock from then on.
  private let currentCount = Atomic<UInt32>(0)

  /// - Parameter scratch: Gives the name that a temporary file has for a moment; called once, if there
  ///   are more paths than a little memory holds. Nil keeps all in memory.
  public init(scratch: (@Sendable () throws -> Path)? = nil) {
    state = Mutex(State(paths: PathStore(scratch)))
  }

  // MARK: Numbers

  /// Gives numbers to neighbouring files of this run; all of them come before any other.
  ///
  /// - Parameters:
  ///   - names: The names of the files, in byte order.
  ///   - folder: What reports call their folder.
  ///   - delivery: When they were delivered.
  /// - Returns: The number of the first; the others follow.
  /// - Throws: `FileError` when the disk is full.
  public func add(
    _ names: [[UInt8]], in folder: Path, delivery: Day?
  ) throws -> UInt32 {
    try state.withLock { state in
      let first = state.paths.count
      for name in names { try state.paths.append(folder.appending(name), delivery) }
      state.currentCount = state.paths.count
      currentCount.store(state.currentCount, ordering: .releasing)
      return first
    }
  }

  /// The numbers of files that earlier runs read and that are listed together.
  ///
  /// - Parameters:
  ///   - list: Where they are listed; a list that has numbers keeps them.
  ///   - paths: What reports call the files.
  /// - Returns: A number for each, in the order of the list. A path that is in two lists has two.
  /// - Throws: What `paths` throws; `FileError` when the disk is full.
  public func numbers(of list: Path, _ paths: () throws -> [Path]) throws -> Range<UInt32> {
    if let known = state.withLock({ $0.lists[list] }) { return known }
    let paths = try paths()
    return try state.withLock { state in
      if let known = state.lists[list] { return known }
      let first = state.paths.count
      for path in paths { try state.paths.append(path, nil) }
      let numbers = first..<state.paths.count
      state.lists[list] = numbers
      return numbers
    }
  }

  /// The number of a file that an earlier run read.
  ///
  /// - Throws: `FileError` when the disk is full.
  public func number(of path: Path) throws -> UInt32 {
    try state.withLock { state in
      if let number = state.singles[path] { return number }
      let number = state.paths.count
      try state.paths.append(path, nil)
      state.singles[path] = number
      return number
    }
  }

  // MARK: Paths

  /// What reports call the file with `number`.
  ///
  /// - Throws: `FileError` when the temporary file cannot be read.
  public func path(_ number: UInt32) throws -> Path { try item(number).path }

  /// When one of this run's files was delivered; nil where its path does not say, and for earlier files.
  ///
  /// - Throws: As `path`.
  public func delivery(_ number: UInt32) throws -> Day? { try item(number).delivery }

  private func item(_ number: UInt32) throws -> PathStore.Item {
    let (block, place) = (Int(number) / PathStore.blockSize, Int(number) % PathStore.blockSize)
    if let found = cache.item(block, place) { return found }
    // Read without the lock: two workers may read the same block at once.
    let items: [PathStore.Item]
    switch state.withLock({ $0.paths.place(of: block) }) {
    case .memory(let bytes): items = PathStore.items(bytes.span)
    case .disk(let file, let range):
      var bytes = ByteBuffer(capacity: range.count)
      guard try file.file.read(range.count, at: range.lowerBound, into: &bytes) == range.count
      else { throw FileError.cutOff(file.file.path) }
      items = PathStore.items(bytes.bytes)
    }
    if items.count == PathStore.blockSize { cache.keep(items, block) }
    return items[place]
  }

  // MARK: Order

  /// Whether a copy at `left` comes before one at `right`: by path in byte order, then by index.
  ///
  /// - Throws: As `path`; never for two of this run's files.
  public func precedes(_ left: SourcePlace, _ right: SourcePlace) throws -> Bool {
    let currentCount = currentCount.load(ordering: .acquiring)
    let isByNumber = left.source < currentCount && right.source < currentCount
    if isByNumber || left.source == right.source { return left < right }
    let (leftPath, rightPath) = (try path(left.source), try path(right.source))
    return leftPath == rightPath ? left.index < right.index : leftPath < rightPath
  }
}

/// Where a copy of a record was found: the file's number and the record's place in it.
public struct SourcePlace: Hashable, Comparable, Sendable {
  public var source: UInt32
  public var index: UInt32

  public init(source: UInt32, index: UInt32) {
    self.source = source
    self.index = index
  }

  /// The order of numbers: that of paths too, for two files of one run.
  public static func < (left: SourcePlace, right: SourcePlace) -> Bool {
    left.source == right.source ? left.index < right.index : left.source < right.source
  }
}

extension Entry {
  /// Where this copy was found.
  public var place: SourcePlace {
    get { SourcePlace(source: source, index: index) }
    set {
      source = newValue.source
      index = newValue.index
    }
  }
}
