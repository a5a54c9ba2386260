#if XLSX
  import Bytes
  import Dispatch
  import Synchronization
  import TestSupport
  import Testing

  @Suite("Workbooks")
  struct WorkbookTests {
    private let folder: TemporaryFolder

    init() throws {
      folder = try TemporaryFolder()
    }

    /// Writes a workbook of rows of texts.
    private func workbook(
      _ name: String, _ rows: [[String]], sheet: String = "s", then finish: Bool = true
    ) throws -> [UInt8] {
      let path = Path(folder.appending(name))
      var workbook = try Workbook(at: path, sheet: sheet)
      for row in rows {
        for (column, text) in row.enumerated() {
          var bytes = ByteBuffer()
          bytes.append(utf8: text)
          workbook.append(bytes, at: column)
        }
        try workbook.endRow()
      }
      guard finish else { return [] }
      try workbook.finish(widths: rows[0].map { _ in 10 })
      return try FileSystem.contents(of: path)
    }

    /// Rows enough for temporary files, and texts that no compressor makes small.
    private func manyRows(_ seed: UInt64, count: Int = 6_000) -> [[String]] {
      var random = SeededGenerator(seed: seed)
      return (0..<count).map { row in [String(row), String(random.next() as UInt64, radix: 36)] }
    }

    @Test("hold texts as texts, whatever they look like")
    func texts() throws {
      let texts = [
        "012345678910", "=1+1", "1E5", "#N/A", "TRUE", " a ", "\t", "a\nb", "<&>\"'", "]]>", "😀é",
        "a\rb", "\r\n", "_x0041_", "_x005F_x0041_", "a_x000D_b_xFFFF_", "_x00zz_", "_X0041_",
        "__x0041__", "_x0041_x0042_", "\u{FFFD}", "\u{7F}\u{85}",
      ]
      let sheet = try Sheet(try workbook("a", [["h"]] + texts.map { [$0] }))
      #expect(sheet.rows.map { $0.map(\.text) } == [["h"]] + texts.map { [$0] })
      #expect(sheet.rows.allSatisfy { $0.allSatisfy { $0.kind == "inlineStr" } })
      // Excel unescapes each run by itself.
      let escape = try Regex("_[xX][0-9a-fA-F]{4}_")
      for field in sheet.rows.joined() {
        #expect(field.runs.allSatisfy { !$0.contains(escape) }, "\(field)")
      }
    }

    @Test("have a header that stays, filters, and no marks on numbers that are texts")
    func frame() throws {
      let sheet = try Sheet(
        try workbook("a", [["a", "b"], ["1", ""], ["", "2"]], sheet: "2026 a&b"))
      #expect(sheet.name == "2026 a&b")
      #expect(sheet.rows.map { $0.map(\.place) } == [["A1", "B1"], ["A2"], ["B3"]])
      for part in [
        #"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#,
        #"<autoFilter ref="A1:B3"/>"#, #"<ignoredError sqref="A1:B3" numberStoredAsText="1"/>"#,
      ] {
        #expect(sheet.frame.contains(part))
      }
    }

    @Test("depend on no clock and on no other workbook")
    func sameBytes() throws {
      let expected = try (0..<4).map { try workbook("e\($0)", manyRows($0)) }
      #expect(try ZipArchive(expected[0]).times == [0x0021_0000], "1980-01-01, midnight")
      let found = Mutex<[Int: [UInt8]]>([:])
      DispatchQueue.concurrentPerform(iterations: 4) { number in
        let bytes = try? workbook("c\(number)", manyRows(UInt64(number)))
        found.withLock { $0[number] = bytes }
      }
      for number in 0..<4 { #expect(found.withLock { $0[number] } == expected[number]) }
    }

    @Test("that are given up leave nothing but the file that was begun")
    func givenUp() throws {
      for _ in 0..<3 { _ = try workbook("a", manyRows(1), then: false) }
      #expect(try FileTree.read(folder.path).map(\.path) == ["a"])
      _ = try workbook("a", [["x"]])
      #expect(try FileTree.read(folder.path).map(\.path) == ["a"])
    }

    @Test("that cannot be written are an error, never a part of a workbook")
    func failures() throws {
      #expect(throws: FileError.self) { try workbook("missing/a", [["x"]]) }
      let inner = try TemporaryFolder()
      var lost = try Workbook(at: Path(inner.appending("a")), sheet: "s")
      try FileSystem.removeTree(Path(inner.path))
      var text = ByteBuffer()
      text.append(utf8: String(repeating: "text ", count: 4_000))
      let failed = #expect(throws: FileError.self) {
        for _ in 0..<40 {
          lost.append(text, at: 0)
          try lost.endRow()
        }
      }
      #expect(failed?.path == Path(inner.appending("a.rows")))
      // It stays an error until it is given up.
      #expect(throws: FileError.self) { try lost.endRow() }
      #expect(throws: FileError.self) { try lost.finish(widths: [10]) }
    }
  }
#endif
