import Bytes

/// The steps of a commit as lines, one JSON object each: in memory while they are few, else in a file.
///
/// A backfill changes a partition for each account, region and day.
package final class JournalSteps {
  private let path: Path?
  private var file: OpenFile?
  /// Where the lines are in the file.
  private var written = 0..<0
  /// The lines that are not in the file.
  private var buffer = ByteBuffer()
  package private(set) var count = 0

  /// How many bytes of lines are in memory at most.
  private static let memory = 256 << 10

  /// - Parameter path: A file for steps that are many; nil keeps all in memory.
  init(spillingTo path: Path? = nil) {
    self.path = path
  }

  package convenience init(_ steps: [JournalStep]) {
    self.init()
    for step in steps { add(line: step.json.span) }
  }

  /// The lines of a file that is there.
  init(_ file: consuming OpenFile, _ lines: Range<Int>, count: Int) {
    path = nil
    self.file = consume file
    (written, self.count) = (lines, count)
  }

  var isEmpty: Bool { count == 0 }

  func append(_ step: JournalStep) throws(FileError) {
    add(line: step.json.span)
    if buffer.count >= JournalSteps.memory, let path { try spill(to: path) }
  }

  private func add(line: Span<UInt8>) {
    buffer.append(line)
    buffer.append(ASCII.lineFeed)
    count += 1
  }

  private func spill(to path: Path) throws(FileError) {
    if file == nil {
      try FileSystem.createFolders(path.parent)
      file = try OpenFile(path, .creating)
    }
    let end = written.upperBound
    try buffer.withBytes { (bytes) throws(FileError) in try file?.write(bytes, at: end) }
    written = 0..<(end + buffer.count)
    buffer.removeAll()
  }

  /// Passes the lines, with their ends, in pieces.
  func forEachPiece(_ body: (Span<UInt8>) throws -> Void) throws {
    var window = ByteBuffer(capacity: 64 << 10)
    var position = written.lowerBound
    while position < written.upperBound {
      window.removeAll()
      let count = min(64 << 10, written.upperBound - position)
      let read = try file?.read(count, at: position, into: &window) ?? 0
      guard read == count else { throw FileError.cutOff(path ?? "") }
      try body(window.bytes)
      position += count
    }
    try buffer.withBytes { try body($0) }
  }

  /// Passes the steps, in their order.
  package func pass(to body: (JournalStep) throws -> Void) throws {
    var line = ByteBuffer()
    try forEachPiece { piece in
      var start = 0
      while start < piece.count {
        let end = ByteSearch.first(ASCII.lineFeed, in: piece, from: start)
        line.append(piece.extracting(start..<end))
        if end == piece.count { return }
        guard let step = JournalStep(json: line.bytes) else {
          throw DatasetError.damaged(path ?? DatasetFile.journal.path, "a step of the commit")
        }
        try body(step)
        line.removeAll()
        start = end + 1
      }
    }
  }

  /// Passes the steps, those together that follow one another and are about files of one folder; each
  /// with its number.
  func forEachFolder(_ body: ([(number: Int, step: JournalStep)]) throws -> Void) throws {
    var group: [(number: Int, step: JournalStep)] = []
    var number = 0
    try pass { step in
      if let last = group.last, last.step.folder != step.folder {
        try body(group)
        group = []
      }
      group.append((number, step))
      number += 1
    }
    if !group.isEmpty { try body(group) }
  }
}
