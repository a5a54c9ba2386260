import Bytes
import CloudTrail
import Listing
import Reading
import Segments
import TestSupport
import Testing

@Suite("A file that changes between listing and reading")
struct ChangingFileTests {
  @Test("fails when it is gone, grows or shrinks, and the reader goes on")
  func changes() throws {
    let folder = try TemporaryFolder()
    let record = #"{"eventID":"1","eventTime":"2026-11-01T10:00:00Z"}"#
    for name in ["gone", "grown", "shrunk", "same"] {
      try FileTree.write(record + "  ", to: "\(name).json", in: folder.path)
    }
    let root = InputRoot(path: Path(folder.path), source: "")
    var groups: [FileGroup] = []
    _ = try discover(
      in: FolderSource([root]), families: [.events], sources: SourceTable()
    ) { groups.append($0) }
    try FileSystem.removeFile(Path(folder.appending("gone.json")))
    try FileTree.write(record + record, to: "grown.json", in: folder.path)
    try FileTree.write(record, to: "shrunk.json", in: folder.path)

    var reader = try FileReader(options: ReadingOptions(), cells: CellTable())
    // One batch is enough for a few records.
    let batch = RecordBatch(capacity: 1 << 16)
    var outcomes: [String: FileOutcome] = [:]
    for group in groups {
      for file in group.files {
        let step = try reader.read(file, of: group, into: batch)
        if case .finished(let outcome) = step {
          outcomes[group.source(of: file).description] = outcome
        }
      }
    }
    #expect(outcomes["gone.json"]?.error?.reason.contains("No such file") == true)
    #expect(outcomes["grown.json"]?.error == .changed)
    #expect(outcomes["shrunk.json"]?.error == .changed)
    #expect(outcomes["same.json"]?.error == nil)
    #expect(outcomes.values.map(\.recordCount).reduce(0, +) == 1)
    #expect(batch.entries.count == 1, "nothing of the others was taken")
  }
}
