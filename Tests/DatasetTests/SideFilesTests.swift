import Bytes
import CloudTrail
import Dataset
import Segments
import TestSupport
import Testing

@Suite("Side files are merged with their changes")
struct SideFilesTests {
  /// A line of the model: what it is about, and its JSON.
  private struct Line: Equatable {
    var file: Int
    var path: String
    var index: Int
    var record: String

    /// As rows order; a path may begin another, and have zeros.
    static func precedes(_ left: Line, _ right: Line) -> Bool {
      let paths = (Path(left.path), Path(right.path))
      if paths.0 != paths.1 { return paths.0 < paths.1 }
      if left.index != right.index { return left.index < right.index }
      return content(left) < content(right)
    }

    static func content(_ line: Line) -> RecordIdentity {
      RecordIdentity(hashing: Array(line.record.utf8).span, kind: .content)
    }

    var json: String {
      var object = JSONObjectWriter()
      object.add("reason", "why")
      object.add("eventID", raw: "null")
      object.add("source", path)
      object.add("index", index)
      object.add("record", raw: record)
      return object.finish().span.text()
    }
  }

  private let folder: TemporaryFolder
  private let layout: DatasetLayout

  init() throws {
    folder = try TemporaryFolder()
    layout = DatasetLayout(Path(folder.appending("dataset")))
    try FileSystem.createFolders(layout.own)
  }

  private func file(_ number: Int) -> DatasetFile {
    number == 0
      ? .ofDelivery(.rejected, .undated(7))
      : .ofDelivery(.rejected, .day(Day(daysSince1970: Int32(20_000 - 30_000 * (number - 1)))))
  }

  private func random(_ generator: inout SeededGenerator) -> Line {
    Line(
      file: Int.random(in: 0..<3, using: &generator),
      path: generator.pick(["a", "a/b", "a\u{1}", "ab", "a\u{0}b", "b é"]),
      index: Int.random(in: 0..<300, using: &generator) * 7,
      record: generator.pick(["{}", "null", "{\"a\":1}"]))
  }

  /// Commits a night of changes with as little memory as there is.
  private func commit(_ dataset: StoredDataset, adding: [Line], removing: [Line]) throws {
    let scratch = Path(folder.path).appending("scratch")
    let side = try SideFiles(
      .rejected, dataset, sorting: RowSorter(memory: 1) { Path("\(scratch)-rows") },
      scratch: scratch)
    func key(_ line: Line) -> SideLine.Key {
      SideLine.Key(
        place: .init(path: Path(line.path), index: line.index), content: Line.content(line),
        family: .events)
    }
    for line in removing { try side.remove(key(line), from: file(line.file)) }
    for line in adding {
      let text = try side.keep(Array(line.record.utf8).span, eventID: nil)
      try side.add(key(line), text, reason: "why", to: file(line.file))
    }
    var tree = TreeUpdate(dataset)
    try side.stage(in: &tree)
    try tree.finish().commit.run(syncs: false)
  }

  @Test("as an array would be, night after night", arguments: seeds(5))
  func nights(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var model: [Line] = []
    var dataset = StoredDataset(layout, Manifest())
    for night in 0..<4 {
      let adding = (0..<(night == 1 ? 2000 : 100)).map { _ in random(&generator) }
      let removing = model.filter { _ in generator.oneIn(night == 3 ? 1 : 3) }
      try commit(dataset, adding: adding, removing: removing)
      model.removeAll { removing.contains($0) }
      for line in adding where !model.contains(line) { model.append(line) }
      if night == 2 {
        try commit(try StoredDataset(layout), adding: [], removing: model)
        model = []
      }
      dataset = try StoredDataset(layout)
      #expect(dataset.manifest.totals.rejectedCount == model.count)
      for number in 0..<3 {
        let lines = model.filter { $0.file == number }.sorted(by: Line.precedes).map(\.json)
        let text = try dataset.contents(of: file(number)).map {
          String(decoding: $0, as: UTF8.self)
        }
        #expect(text == (lines.isEmpty ? nil : lines.joined(separator: "\n") + "\n"))
      }
    }
  }

  @Test("when a line moves to the next file")
  func movedLine() throws {
    let line = Line(file: 2, path: "a", index: 1, record: "{}")
    var moved = line
    moved.file = 1
    try commit(StoredDataset(layout, Manifest()), adding: [line], removing: [])
    try commit(try StoredDataset(layout), adding: [moved], removing: [line])
    let dataset = try StoredDataset(layout)
    #expect(try dataset.contents(of: file(2)) == nil)
    #expect(try dataset.contents(of: file(1)) == Array("\(line.json)\n".utf8))
    #expect(dataset.manifest.totals.rejectedCount == 1)
  }

  @Test("once they are known to be as they were committed")
  func changedFile() throws {
    let line = Line(file: 1, path: "a", index: 1, record: "{\"a\":1}")
    try commit(StoredDataset(layout, Manifest()), adding: [line], removing: [])
    let path = layout[file(1)]
    let bytes = try FileSystem.contents(of: path)
    for damage in [bytes.dropLast(9), bytes.dropLast() + [0x20], [0x7B] + bytes] {
      let text = Array(damage)
      try FileSystem.writeAtomically(text.span, to: path)
      let error = #expect(throws: DatasetError.self) {
        try commit(
          try StoredDataset(layout),
          adding: [Line(file: 1, path: "b", index: 1, record: "{}")], removing: [])
      }
      guard case .changedFromOutside(path, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }
}
