public import Bytes
import Segments

/// The files of inputs that a list names, one path a line, in any order.
///
/// With one input a path is what comes after the input's folder; with several it begins with the name of
/// its input. Files are taken by the rules for those that are found in folders. What is not there is
/// handed over as something that cannot be read.
public struct ListSource: InputSource {
  private let roots: [InputRoot]
  private let dataset: Path?
  private let list: Path
  private let memory: Int
  private let scratch: @Sendable () throws -> Path

  /// - Parameters:
  ///   - list: The file with the list, or `/dev/stdin`.
  ///   - roots: Apart from one another.
  ///   - dataset: The job's dataset; it need not be there.
  ///   - memory: Bytes for the paths that are sorted.
  ///   - scratch: Gives the name that a temporary file has for a moment.
  public init(
    _ list: Path, of roots: [InputRoot], dataset: Path?, memory: Int,
    scratch: @escaping @Sendable () throws -> Path
  ) {
    (self.list, self.roots, self.dataset) = (list, roots, dataset)
    (self.memory, self.scratch) = (memory, scratch)
  }

  /// - Throws: `ListError` for a path that is not below an input; `FileError` when the list or an input
  ///   cannot be read; `Stopped`; what `take` throws.
  /// - Complexity: O(paths · log paths), and a status call for each.
  public func list(_ mapping: some ParallelMapping, _ take: (Listed) throws -> Void) throws {
    let paths = RowSorter(memory: memory, scratch: scratch)
    try readList { try paths.append($0.bytes.span) }
    var lookup = ListLookup(roots, limits: try WalkLimits(roots, dataset: dataset))
    let sorted = try paths.finish()
    var last: Path?
    while try sorted.next() {
      let source = Path(bytes: sorted.withRow { $0.copied() })
      if source == last { continue }
      last = source
      try lookup.take(source, take)
    }
    try lookup.finish(take)
  }

  /// Bytes that no path has.
  private static let lineLimit = 64 << 10

  /// Passes what the lines call, as reports call it.
  private func readList(_ body: (Path) throws -> Void) throws {
    let file = try OpenFile(list)
    file.waitForData()
    var buffer = ByteBuffer(capacity: 64 << 10)
    var number = 0
    func line(_ bytes: Span<UInt8>) throws {
      number += 1
      if !bytes.isEmpty { try body(try source(bytes.copied(), line: number)) }
    }
    while try file.read(64 << 10, into: &buffer) > 0 {
      try StopSignal.check()
      var start = 0
      while true {
        let end = ByteSearch.first(ASCII.lineFeed, in: buffer.bytes, from: start)
        if end == buffer.count { break }
        try line(buffer.bytes.extracting(start..<end))
        start = end + 1
      }
      buffer.removeFirst(start)
      if buffer.count > ListSource.lineLimit {
        let beginning = Path(bytes: buffer.bytes.extracting(0..<40).copied() + Array("…".utf8))
        throw ListError(list: list, line: number + 1, text: beginning)
      }
    }
    try line(buffer.bytes)
  }

  /// What reports call the file of a line.
  private func source(_ text: [UInt8], line: Int) throws -> Path {
    let parts = text.split(separator: ASCII.slash).filter { !$0.elementsEqual([ASCII.dot]) }
    let isInside =
      text.first != ASCII.slash && !text.contains(0) && !parts.isEmpty
      && !parts.contains { $0.elementsEqual([ASCII.dot, ASCII.dot]) }
    guard isInside else { throw ListError(list: list, line: line, text: Path(bytes: text)) }
    let path = Path(bytes: Array(parts.joined(separator: [ASCII.slash])))
    if roots.count > 1 {
      guard roots.contains(where: { path.isAt(orBelow: $0.source) }) else {
        throw ListError(list: list, line: line, text: Path(bytes: text))
      }
      return path
    }
    guard let root = roots.first else { return path }
    return root.source.lastComponent == path.bytes && root.source.bytes.contains(ASCII.slash)
      ? root.source : root.source.appending(path)
  }
}

/// A line of a list that names no file of an input.
public struct ListError: Error, CustomStringConvertible, Sendable {
  let list: Path
  /// From 1.
  let line: Int
  let text: Path

  public var description: String {
    "\(list) line \(line): expected a path below the input, found \(text)"
  }
}

/// Finds the files that a list names, those of one folder together.
private struct ListLookup {
  private enum Found {
    case file(ListedFile)
    case skipped(SkipReason)
  }

  private let roots: [InputRoot]
  private let limits: WalkLimits
  /// Files of the folder that was met last.
  private var files: ListedFiles?
  /// A folder that was met, and where it is, its links resolved.
  private var known: (folder: Path, place: Path)?

  private static let groupLimit = 4096

  init(_ roots: [InputRoot], limits: WalkLimits) {
    (self.roots, self.limits) = (roots, limits)
  }

  /// Looks for a file, by what reports call it.
  mutating func take(_ source: Path, _ take: (Listed) throws -> Void) throws {
    guard let root = roots.first(where: { source.isAt(orBelow: $0.source) }) else { return }
    let below = Path(bytes: Array(source.bytes.dropFirst(root.source.bytes.count + 1)))
    let path = root.path.appending(below)
    let found: Found
    do throws(FileError) {
      found = try look(at: path, below)
    } catch {
      try finish(take)
      return try take(.failed(error, source: source))
    }
    switch found {
    case .skipped(let reason):
      try finish(take)
      try take(.skipped(reason, source: source))
    case .file(let file):
      if files?.folder.path != path.parent || files?.files.count == ListLookup.groupLimit {
        try finish(take)
        let depth = max(0, below.bytes.split(separator: ASCII.slash).count - 1)
        files = ListedFiles(
          folder: ListedFolder(path: path.parent, source: source.parent, depth: depth), files: [],
          isNamed: below.bytes.isEmpty)
      }
      files?.files.append(file)
    }
  }

  /// Hands over the files that wait.
  mutating func finish(_ take: (Listed) throws -> Void) throws {
    if let files { try take(.files(files)) }
    files = nil
  }

  private mutating func look(at path: Path, _ below: Path) throws(FileError) -> Found {
    if below.bytes.split(separator: ASCII.slash).contains(where: { $0.first == ASCII.dot }) {
      return .skipped(.hidden)
    }
    let folder = try place(ofFolder: path.parent)
    let status = try FileSystem.status(path)
    let place =
      try FileSystem.isLink(path) ? FileSystem.resolved(path) : folder.appending(path.lastComponent)
    if let reason = limits.reasonToLeaveOut(place) { return .skipped(reason) }
    if place != path, !limits.isNew(place, by: [folder]) { return .skipped(.link) }
    guard status.kind == .file else { throw FileError.noFile(path) }
    return .file(ListedFile(path.lastComponent, status))
  }

  private mutating func place(ofFolder path: Path) throws(FileError) -> Path {
    if let known, known.folder == path { return known.place }
    let place = try FileSystem.resolved(path)
    known = (path, place)
    return place
  }
}
