import Bytes
import CloudTrail

/// Takes the texts of early events out of the conflicts: whole days, and of later days what is of a
/// time before.
///
/// A text is listed by the day of the one that is kept, which may be later than its own.
public struct ConflictCut {
  private let start: Int64
  private let lines: LineReader
  private var fields = RecordFields()

  /// `start`: the first second that stays, since 1970.
  public init(from start: Int64) throws {
    self.start = start
    lines = try LineReader()
  }

  private var firstDay: Day { EventTime(seconds: start).day }

  /// How many texts of a dataset leave.
  ///
  /// - Throws: `DatasetError` when a file is not as it was committed; `Stopped`.
  public mutating func count(in dataset: StoredDataset) throws -> Int {
    var count = 0
    for day in ConflictCut.days(of: dataset.manifest) {
      let file = DatasetFile.conflicts(day)
      guard let hash = dataset.manifest.files[file.path] else { continue }
      try cut(dataset.layout[file], hash, of: day) { _, stays in if !stays { count += 1 } }
    }
    return count
  }

  /// Takes the texts out of the next state of a dataset.
  ///
  /// - Throws: As `count(in:)`; `FileError`.
  public mutating func run(in tree: inout TreeUpdate) throws {
    for day in ConflictCut.days(of: tree.manifest) {
      let file = DatasetFile.conflicts(day)
      guard let hash = tree.manifest.files[file.path] else { continue }
      let staged = try tree.stagedFile()
      let output = try HashedFile(staged)
      var counts = (staying: 0, leaving: 0)
      try cut(tree.path(of: file), hash, of: day) { line, stays in
        guard stays else {
          counts.leaving += 1
          return
        }
        counts.staying += 1
        output.output.append(line)
        output.output.append(ASCII.lineFeed)
        try output.writeIfFull()
      }
      let cutHash = try output.finish()
      if counts.leaving == 0 { continue }
      tree.takeBack(file)
      tree.describe { $0.totals.conflictCount -= counts.leaving }
      if counts.staying == 0 {
        tree.remove(file)
      } else {
        try tree.put(staged, cutHash, as: file)
      }
    }
  }

  private static func days(of manifest: Manifest) -> [Day] {
    manifest.files { file in
      if case .conflicts(let day) = file { day } else { nil }
    }
  }

  /// Passes the lines of a file, and whether each stays.
  private mutating func cut(
    _ path: Path, _ hash: FileHash, of day: Day, _ body: (Span<UInt8>, Bool) throws -> Void
  ) throws {
    try lines.open(path, hash.sha256)
    while try lines.next() {
      try StopSignal.check()
      var fields = fields
      try lines.withLine { line in
        try body(line, day >= firstDay && ConflictCut.stays(line, from: start, &fields))
      }
      self.fields = fields
    }
  }

  /// Whether the record of a line is of a time that stays; what cannot be understood does.
  private static func stays(
    _ line: Span<UInt8>, from start: Int64, _ fields: inout RecordFields
  ) -> Bool {
    guard let object = try? JSONObject(line), let record = object.raw("record") else { return true }
    let family = object.string("family").flatMap { Family(rawValue: $0) } ?? .events
    guard fields.captureStored(record.span, of: family) != nil,
      let key = RecordKey(record.span, 0..<record.count, fields)
    else { return true }
    return key.time.seconds >= start
  }
}
