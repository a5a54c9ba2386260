import Bytes
import CloudTrail
import Listing
import Reading
import Segments
import TestSupport

/// What a reader makes of a few files: all records that it takes, in order.
final class ReadTree {
  /// The records' texts, without those rejected.
  private(set) var records: [String] = []
  /// The cells of `records`.
  private(set) var cells: [Cell] = []
  private(set) var rejected: [String] = []
  /// By path.
  private(set) var outcomes: [String: FileOutcome] = [:]
  private(set) var skipped: [String: Int] = [:]
  /// Those of `records` that strict readers refuse, as far as the reader says that they may.
  private(set) var textFlaws = TextFlaws()
  /// The most records that one batch held.
  private(set) var largestEntryCount = 0

  private let table = CellTable()
  /// The batches of a file whose fate is still open.
  private var parts: [RecordBatch] = []

  /// Reads `files`, those of `families` only, in batches of `batchSize` bytes.
  init(
    _ files: [TreeFile], families: Set<Family> = [.events], batchSize: Int = 1 << 20,
    options: ReadingOptions = ReadingOptions(),
    _ change: (inout RecordFilter) throws -> Void = { _ in }
  ) throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    try FileTree.write(files, in: folder.path)
    let found = try ListedTree(folder.path, families: families)
    skipped = found.discovery.skipped
    var options = options
    options.filter.families = families
    try change(&options.filter)
    var reader = try FileReader(options: options, cells: table)
    var batch = RecordBatch(capacity: batchSize)
    try found.forEachFile { file, group in
      let path = group.source(of: file).description
      while outcomes[path] == nil {
        switch try reader.read(file, of: group, into: batch) {
        case .finished(let outcome): finish(path, outcome)
        case .full(.wholeFiles):
          take(batch)
          batch = RecordBatch(capacity: batchSize)
        case .full(.partOfFile):
          parts.append(batch)
          batch = RecordBatch(capacity: batchSize)
        case .full(.partOfRecord):
          batch.bytes.reserve(batch.bytes.capacity * 2)
        }
      }
    }
    take(batch)
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

  private func finish(_ path: String, _ outcome: FileOutcome) {
    outcomes[path] = outcome
    if outcome.isTaken {
      for part in parts { take(part) }
    }
    parts = []
  }

  private func take(_ batch: RecordBatch) {
    largestEntryCount = max(largestEntryCount, batch.entries.count + batch.rejected.count)
    batch.withBytes { bytes in
      for entry in batch.entries {
        records.append(bytes.extracting(entry.range).text())
        cells.append(table.cell(entry.cell))
        if entry.hasDoubtfulText { textFlaws.note(entry, bytes.extracting(entry.range)) }
      }
      for rejected in batch.rejected {
        self.rejected.append(bytes.extracting(rejected.entry.range).text())
      }
    }
  }
}

/// Records that strict readers refuse, with the first three of them.
struct TextFlaws {
  struct Example {
    let index: Int
    let eventID: [UInt8]
  }

  private(set) var counts = TextFlawCounts()
  private(set) var examples: [Example] = []

  mutating func note(_ entry: Entry, _ record: Span<UInt8>) {
    guard counts.note(record), examples.count < 3 else { return }
    var fields = RecordFields()
    var scanner = JSONScanner(record)
    let isRead = (try? fields.capture(&scanner, shape: nil)) != nil
    let id = isRead ? fields[.eventID].range : 0..<0
    examples.append(Example(index: Int(entry.index), eventID: record.extracting(id).copied()))
  }
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
