import Bytes
import CloudTrail
import Listing
import Reading
import Segments
import TestSupport

/// What a reader makes of a few files: all records that it takes, in order.
final class ReadTree: BatchSupply {
  /// The records' texts, without those rejected.
  private(set) var records: [String] = []
  /// The cells of `records`.
  private(set) var cells: [Cell] = []
  private(set) var rejected: [String] = []
  /// By path.
  private(set) var outcomes: [String: FileOutcome] = [:]
  private(set) var skipped: [String: Int] = [:]
  /// The most records that one batch held.
  private(set) var largestEntryCount = 0

  private let table = CellTable()
  private let batchSize: Int
  /// The batches of a file whose fate is still open.
  private var parts: [RecordBatch] = []

  /// Reads `files`, those of `families` only, in batches of `batchSize` bytes.
  init(
    _ files: [TreeFile], families: Set<Family> = [.events], batchSize: Int = 1 << 20,
    options: ReadingOptions = ReadingOptions(),
    _ change: (inout RecordFilter) throws -> Void = { _ in }
  ) throws {
    self.batchSize = batchSize
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    try FileTree.write(files, in: folder.path)
    let found = try discover(
      [InputRoot(path: try FileSystem.resolved(Path(folder.path)), source: "")],
      families: families)
    skipped = found.skipped
    var options = options
    options.filter.families = families
    try change(&options.filter)
    var reader = try FileReader(
      options: options, cells: table, batch: RecordBatch(capacity: batchSize), supply: self)
    for (number, file) in found.list.files.enumerated() {
      let path = found.list.source(of: file).description
      outcomes[path] = try reader.read(file, number: UInt32(number), in: found.list)
    }
    try reader.handOnBatch()
  }

  /// Reads one file called `name`.
  convenience init(
    _ text: String, name: String = "loose.json", families: Set<Family> = [.events],
    batchSize: Int = 1 << 20, options: ReadingOptions = ReadingOptions(),
    _ change: (inout RecordFilter) throws -> Void = { _ in }
  ) throws {
    let file = TreeFile(path: name, bytes: Array(text.utf8))
    try self.init([file], families: families, batchSize: batchSize, options: options, change)
  }

  /// The outcome of the only file.
  var outcome: FileOutcome? { outcomes.first?.value }

  func exchange(_ batch: RecordBatch) -> RecordBatch {
    take(batch)
    return RecordBatch(capacity: batchSize)
  }

  private func take(_ batch: RecordBatch) {
    largestEntryCount = max(largestEntryCount, batch.entries.count)
    batch.withBytes { bytes in
      for entry in batch.entries {
        let text = bytes.extracting(entry.range).text()
        let cell = table.cell(entry.cell)
        if cell.isRejected {
          rejected.append(text)
        } else {
          records.append(text)
          cells.append(cell)
        }
      }
    }
  }

  func exchangePart(_ batch: RecordBatch) -> RecordBatch {
    parts.append(batch)
    return RecordBatch(capacity: batchSize)
  }

  func keepParts() {
    for part in parts { take(part) }
    parts = []
  }

  func dropParts() { parts = [] }
}

/// A small record: these members and whatever `more` says.
func record(_ id: String, at time: String = "2026-11-19T08:00:00Z", more: String = "") -> String {
  #"{"eventTime":"\#(time)","awsRegion":"eu-west-1","recipientAccountId":"012345678910","#
    + #""eventID":"\#(id)"\#(more.isEmpty ? "" : "," + more)}"#
}

/// `text` as a JSON string with its quotes.
func quoted(_ text: String) -> String {
  var json = ByteBuffer()
  JSONText.appendQuoted(text, to: &json)
  return json.bytes.text()
}
