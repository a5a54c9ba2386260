import Bytes
import Listing
import TestSupport
import Testing

/// Files with labels, kept compactly.
struct FileTableTests {
  /// A table of files by folder, name and label, in this order.
  private func table(_ files: [(folder: String, name: String, label: String)]) -> FileTable<String>
  {
    var table = FileTable<String>()
    for file in files {
      let folder = Path(file.folder)
      let number = table.add(
        ListedFolder(path: Path("/at").appending(folder), source: folder, depth: 1))
      let listed = ListedFile(
        name: Array(file.name.utf8), byteCount: file.name.utf8.count, modified: 7)
      table.add(listed, folder: number, label: file.label)
    }
    return table
  }

  private func text(_ table: FileTable<String>) -> [String] {
    table.files.map { "\(table.label(of: $0)) \(table.source(of: $0))" }
  }

  @Test func `a file keeps its folder, name, size and label`() throws {
    let table = table([("a", "x", "log"), ("b", "long name", "other"), ("b", "y", "log")])
    #expect(text(table) == ["log a/x", "other b/long name", "log b/y"])
    #expect(table.path(of: table.files[1]) == "/at/b/long name")
    #expect(table.name(of: table.files[2]) == Array("y".utf8))
    #expect(table.files[1].byteCount == 9 && table.files[1].modified == 7)
    #expect(table.labels == ["log", "other"])
  }

  @Test func `files are sorted by label, then by source, in whatever order they were added`() throws
  {
    var files = (0..<200).map { number in
      (folder: "f\(number % 7)", name: "\(number)", label: "l\(number % 3)")
    }
    let expected = files.map { "\($0.label) \($0.folder)/\($0.name)" }.sorted()
    var generator = SeededGenerator(seed: 5)
    for order in 0..<4 {
      if order == 1 { files.sort { ($0.folder, $0.name) < ($1.folder, $1.name) } }
      if order > 1 { files.shuffle(using: &generator) }
      var table = table(files)
      try table.sort(byLabel: <)
      #expect(text(table) == expected, "\(order)")
    }
    var reversed = table(files)
    try reversed.sort(byLabel: >)
    #expect(reversed.label(of: reversed.files[0]) == "l2")
  }
}
