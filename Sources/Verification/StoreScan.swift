import Bytes
import CloudTrail
import Dataset
import Segments
import Writing

/// Finds out from the files of the store what the list of a day says: its cells, and the files that hold
/// their records.
///
/// A file is believed when each of its records belongs where it is, in order, and is the one that the
/// index of the day names, if there is one.
struct StoreScan {
  private struct Folder {
    /// Relative to the dataset.
    var path: Path
    var cell: Cell
    var hour: Int?
  }

  private let dataset: StoredDataset
  private let keys: [PartitionKey]
  private var folders: [Day: [Folder]] = [:]

  /// - Parameters:
  ///   - dataset: Its lists are not asked.
  ///   - store: The output that has the records by cell.
  /// - Throws: `FileError`; `Stopped`.
  init(_ dataset: StoredDataset, store: PlannedOutput) throws {
    (self.dataset, keys) = (dataset, store.keys)
    for family in Family.allCases {
      let root = DatasetLayout.outputFolder(store.name, family)
      if try FileSystem.isThere(dataset.layout.root.appending(root)) {
        try walk(root, family, [:], keys[...])
      }
    }
  }

  /// The cells that have a folder.
  var cells: Set<Cell> { Set(folders.values.joined().map(\.cell)) }

  /// Whether the files of the store are compressed; nil if it has none.
  func isCompressed() throws -> Bool? {
    for folder in folders.values.joined() {
      let entries = try OpenFolder(dataset.layout.root.appending(folder.path)).entries()
      let names = entries.compactMap { PartName(Path(bytes: $0.name).description) }
      if let name = names.first { return name.ending.hasSuffix(".gz") }
    }
    return nil
  }

  private mutating func walk(
    _ folder: Path, _ family: Family, _ values: [PartitionKey: [UInt8]],
    _ keys: ArraySlice<PartitionKey>
  ) throws {
    try StopSignal.check()
    guard let key = keys.first else {
      if let found = self.folder(folder, family, values) {
        folders[found.cell.day, default: []].append(found)
      }
      return
    }
    let start = Array("\(key.rawValue)=".utf8)
    for entry in try OpenFolder(dataset.layout.root.appending(folder)).entries()
    where entry.name.starts(with: start) {
      let path = folder.appending(entry.name)
      let status = try FileSystem.status(dataset.layout.root.appending(path), followLinks: false)
      guard status.kind == .folder else { continue }
      var values = values
      values[key] = Array(entry.name.dropFirst(start.count))
      try walk(path, family, values, keys.dropFirst())
    }
  }

  /// What a folder of the store is about; nil if it is none.
  private func folder(
    _ path: Path, _ family: Family, _ values: [PartitionKey: [UInt8]]
  ) -> Folder? {
    guard let account = values[.account], let region = values[.region],
      let day = values[.dt].flatMap({ Day(Path(bytes: $0).description) })
    else { return nil }
    let cell = Cell(
      family: family, account: PartitionValue(alreadyEncoded: account),
      region: PartitionValue(alreadyEncoded: region), day: day)
    let hour = values[.hour].map { Int(Path(bytes: $0).description) ?? 24 }
    guard hour.map({ 0..<24 ~= $0 }) ?? true,
      path.bytes.ends(with: cell.folder(by: keys, hour: hour ?? 0).bytes)
    else { return nil }
    return Folder(path: path, cell: cell, hour: hour)
  }

  /// The list of a day without the partitions of other outputs.
  ///
  /// - Returns: The list; empty for a day without files.
  /// - Throws: `DatasetError` for a file that is not believed; `FileError`; `Stopped`.
  /// - Complexity: O(bytes of the day's files): reads them twice.
  func list(_ day: Day) throws -> PartitionList {
    var list = PartitionList()
    let cells = Dictionary(grouping: folders[day] ?? [], by: \.cell)
    for (cell, folders) in cells.sorted(by: { $0.key < $1.key }) {
      try add(cell, folders.sorted { $0.path < $1.path }, to: &list)
    }
    return list
  }

  private func add(_ cell: Cell, _ folders: [Folder], to list: inout PartitionList) throws {
    // What is wrong with the index itself, the index's check reports.
    let index = try? DayIndex(cell.eventDay, of: dataset)
    let range = index?.cells[cell]
    if index != nil && range == nil {
      throw DatasetError.damaged(folders[0].path, "the index of its day does not have it")
    }
    let rows = index.flatMap { index in range.map { IndexRows(index, $0) } }
    var records = RecordSequence(of: cell.family, rows: rows)
    var all: [OutputPart] = []
    for folder in folders {
      let place = RecordPlace(
        CommittedOutputs.Partition(
          output: 0, folder: folder.path, cell: cell, hour: folder.hour), keys: keys)
      let parts = try parts(of: folder.path, &records, place)
      if !parts.isEmpty { list.partitions[folder.path] = parts }
      all += parts
    }
    if let problem = try records.finish() {
      throw DatasetError.damaged(folders[0].path, problem)
    }
    guard let first = all.first, let last = all.last else { return }
    list.cells[cell] = CellSummary(
      recordCount: all.reduce(0) { $0 + $1.recordCount }, firstTime: first.firstTime,
      lastTime: last.lastTime, textFlaws: records.textFlaws)
  }

  private func parts(
    of folder: Path, _ records: inout RecordSequence, _ place: RecordPlace
  ) throws -> [OutputPart] {
    let path = dataset.layout.root.appending(folder)
    let names = try OpenFolder(path).entries()
      .compactMap { PartName(Path(bytes: $0.name).description) }
      .sorted { $0.number < $1.number }
    let lines = try LineReader()
    return try names.map { name in
      let path = path.appending(name.text)
      try path.checkIsFile()
      let hash = try FileHash(ofFileAt: path)
      var part = OutputPart(
        name: name.text, byteCount: hash.byteCount, recordCount: 0, hash: hash.sha256,
        firstTime: EventTime(seconds: 0), lastTime: EventTime(seconds: 0))
      records.begin(nil)
      try lines.open(StoredSegment.File(path: path, part: part))
      while try lines.next() { try lines.withLine { try records.add($0, place) } }
      if let problem = records.takeProblem() { throw DatasetError.damaged(path, problem) }
      guard let times = records.times, !lines.hasUnendedLine else {
        throw DatasetError.damaged(path, "has a line without an end, or none")
      }
      (part.recordCount, part.firstTime, part.lastTime) = (records.count, times.first, times.last)
      return part
    }
  }
}

extension [UInt8] {
  fileprivate func ends(with other: [UInt8]) -> Bool { suffix(other.count).elementsEqual(other) }
}
