#if XLSX
  import Bytes
  import Dataset
  import JobFiles
  import JobRunner
  import SampleTrails
  import Tables
  import TestSupport
  import Testing
  import Verification
  import Writing

  @Suite("Workbooks of a dataset")
  struct WorkbookRunTests {
    private let bench: Workbench

    init() throws {
      bench = try Workbench()
      try bench.deliver(try NastyTree.files(seed: 40, count: 30))
    }

    private var outputs: [OutputSpecification] { OutputVariant.workbooks.outputs }

    private func workbooks(_ name: String = "dataset") throws -> [TreeFile] {
      try FileTree.read(bench.dataset(name)).filter { $0.path.hasSuffix(".xlsx") }
    }

    @Test("are verified by their rows, and made again from the store when they are damaged")
    func verification() throws {
      try bench.run { $0.outputs = outputs }
      let before = try FileTree.read(bench.dataset())
      let dataset = Path(bench.dataset())
      #expect(try verify(dataset).problems.isEmpty)
      let files = try workbooks()
      #expect(files.count > 3)
      for (number, file) in files.prefix(3).enumerated() {
        var bytes = file.bytes
        switch number {
        case 0: bytes[bytes.count / 2] ^= 1
        case 1: bytes.removeLast(30)
        default: bytes = []
        }
        try FileTree.write(bytes, to: file.path, in: bench.dataset())
      }
      let problems = try verify(dataset).problems
      #expect(Set(problems.map(\.path)) == Set(files.prefix(3).map { Path($0.path) }))
      #expect(problems.allSatisfy { $0.remedy == .repair })
      #expect(try verify(dataset, repairing: true).problems.isEmpty)
      #expect(FileTree.firstDifference(before, try FileTree.read(bench.dataset())) == nil)
    }

    @Test("that are no workbooks are found even when the manifest names their hash")
    func wrongFile() throws {
      try bench.run { $0.outputs = outputs }
      let file = try #require(try workbooks().first)
      // The sheet's own head, and the list of all files at the end.
      let sheet = Array("xl/worksheets/sheet1.xml".utf8)
      let places = file.bytes.indices.filter { file.bytes[$0...].starts(with: sheet) }
      try #require(places.count == 2)
      for (place, value) in [(places[0] + sheet.count + 40, 0x55), (places[1], 1), (0, 0xFF)] {
        var bytes = file.bytes
        bytes[place] ^= UInt8(value)
        if place == 0 { bytes.removeLast(4) }
        // As somebody would who knows how the tree is made.
        let dataset = try StoredDataset(DatasetLayout(Path(bench.dataset())))
        var tree = TreeUpdate(dataset)
        let folder = Path(file.path).parent
        var parts = try dataset.parts(in: folder)
        parts = [parts[0]]
        parts[0].byteCount = bytes.count
        parts[0].hash = SHA256Digest(of: bytes.span)
        try FileTree.write(bytes, to: "_trailmerge/staging/wrong", in: bench.dataset())
        let staged = dataset.layout.staging.appending("wrong")
        _ = try tree.replace(folder, with: StagedParts(path: staged, parts: parts))
        try tree.finish().commit.run(syncs: false)
        let report = try verify(Path(bench.dataset()))
        #expect(
          report.problems.first { $0.path == Path(file.path) }?.what
            == "is no file of its output's format", "\(place)")
      }
    }

    @Test("come with a rebuild, and leave with one; engines are told that they do not read them")
    func changedJob() throws {
      try bench.run()
      try bench.run(into: "plain")
      let all = OutputSpecification.defaults + [OutputSpecification(XLSX())]
      try bench.run {
        $0.outputs = all
        $0.rebuild = true
      }
      try bench.run(into: "once") { $0.outputs = all }
      try bench.expectEqual("dataset", "once")
      let tables = try DatasetTables(in: Path(bench.dataset()))
      #expect(Set(tables.all.map(\.name)) == ["events_ndjson", "events_csv"])
      #expect(tables.unreadable.count == 1)
      #expect(tables.unreadable[0].hasPrefix("no table for the output xlsx: Athena, "))
      try bench.run { $0.rebuild = true }
      try bench.expectEqual("dataset", "plain")
    }

    @Test("show each record once, in order, in its day")
    func rows() throws {
      try bench.run { $0.outputs = outputs }
      var ids: [String] = []
      for file in try workbooks() where file.path.hasPrefix("xlsx/") {
        let sheet = try Sheet(file.bytes)
        #expect(sheet.name == file.path.split(separator: "/")[1].dropFirst(3))
        let column = try #require(sheet.rows[0].first { $0.text == "eventID" }).place.dropLast()
        ids += sheet.rows.dropFirst().map { row in
          row.first { $0.place.prefix { $0.isLetter } == column }?.text ?? ""
        }
      }
      try bench.run(into: "csv") { $0.outputs = [OutputSpecification(NDJSON())] }
      let count = try FileTree.read(bench.dataset("csv")).filter { $0.path.hasSuffix(".ndjson") }
        .filter { $0.path.hasPrefix("ndjson/") }.reduce(0) { $0 + $1.bytes.count { $0 == 0x0A } }
      #expect(ids.count == count)
      let named = ids.filter { !$0.isEmpty }
      #expect(Set(named).count == named.count)
    }
  }
#endif
