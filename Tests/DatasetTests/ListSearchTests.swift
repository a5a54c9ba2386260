import Bytes
import CloudTrail
import Dataset
import TestSupport
import Testing

@Suite("A search in a list on disk")
struct ListSearchTests {
  @Test("finds the cells and partitions that are there, and no others", arguments: [1, 2, 60])
  func finds(count: Int) throws {
    let folder = try TemporaryFolder()
    let layout = DatasetLayout(Path(folder.path))
    let day = Day(daysSince1970: 20_000)
    let time = EventTime(seconds: day.secondsSince1970)
    func cell(_ number: Int) -> Cell {
      Cell(
        family: .events, account: PartitionValue("\(100_000_000_000 + number)".utf8.span),
        region: PartitionValue("eu-west-1".utf8.span), day: day)
    }
    func partition(_ number: Int) -> Path {
      Path("ndjson/account=\(number)/region=eu-west-1/dt=\(day)")
    }
    var list = PartitionList()
    for number in stride(from: 1, to: 2 * count, by: 2) {
      list.cells[cell(number)] = CellSummary(recordCount: number, firstTime: time, lastTime: time)
      // Some lines are longer than what is read at once.
      list.partitions[partition(number)] = (0...(number % 40)).map { part in
        OutputPart(
          name: "part-0000\(part % 10).ndjson", byteCount: number, recordCount: 1,
          hash: SHA256Digest(of: [UInt8(part)].span), firstTime: time, lastTime: time)
      }
    }
    let file = DatasetFile.partitions(Period(day))
    let text = list.text()
    // Only of a large list are lines searched on disk.
    #expect(text.count > 64 << 10 || count < 60)
    try FileSystem.createFolders(layout[file].parent)
    try FileTree.write(text, to: file.path.description, in: folder.path)
    var manifest = Manifest()
    manifest.files[file.path] = FileHash(of: text.span)
    let dataset = StoredDataset(layout, manifest)
    for number in 0...(2 * count) {
      #expect(try dataset.summary(of: cell(number)) == list.cells[cell(number)])
      #expect(
        try dataset.parts(in: partition(number)) == list.partitions[partition(number)] ?? [])
    }
    try FileTree.write(Array(text.dropLast()), to: file.path.description, in: folder.path)
    #expect(throws: DatasetError.self) {
      try StoredDataset(layout, manifest).summary(of: cell(1))
    }
  }
}
