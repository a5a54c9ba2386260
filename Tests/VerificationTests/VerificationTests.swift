import Bytes
import Dataset
import JobFiles
import JobRunner
import SampleTrails
import TestSupport
import Testing
import Verification

struct VerificationTests {
  @Test("a dataset that nobody touched is as it was committed")
  func untouched() throws {
    let report = try SampleDataset().verified()
    #expect(report.problems.isEmpty)
    #expect(report.notes.isEmpty)
    #expect(report.recordCount == 150)
    #expect(report.ending == .complete)
  }

  @Test(
    "a damaged file is named, with what is wrong and what makes it good",
    arguments: [
      ("ndjson/", "", "is missing", VerificationReport.Remedy.rebuild),
      ("csv/", "part-00001.csv", "is missing", .repair),
      ("small/", "", "is missing", .repair),
      ("_trailmerge/index/", "", "is missing", .repair),
      ("_trailmerge/conflicts", "", "is missing", .repair),
      ("_trailmerge/partitions", "", "is missing", .repair),
    ])
  func missingFile(
    prefix: String, suffix: String, what: String, remedy: VerificationReport.Remedy
  ) throws {
    let dataset = try SampleDataset()
    let file = try dataset.file(prefix, suffix)
    try dataset.remove(file)
    let report = try dataset.verified()
    #expect(report.ending == .integrity)
    let problem = try #require(report.problems.first { $0.path == Path(file) })
    #expect(problem.what == what)
    #expect(problem.remedy == remedy)
  }

  @Test(
    "a byte changed in a file of the same size is found", arguments: ["ndjson/", "csv/", "hours/"])
  func changedByte(prefix: String) throws {
    let dataset = try SampleDataset()
    let file = try dataset.file(prefix)
    try dataset.change(file) { $0[$0.count / 2] ^= 1 }
    let report = try dataset.verified()
    #expect(report.problems.map(\.path) == [Path(file)])
  }

  @Test("a file that was cut or that grew is reported with its sizes")
  func changedSize() throws {
    let dataset = try SampleDataset()
    let file = try dataset.file("small/")
    try dataset.change(file) { $0.append(0) }
    let what = try #require(try dataset.verified().problems.first).what
    #expect(what.contains("bytes, not the"))
  }

  @Test("records that changed places are found, with the line")
  func swappedRecords() throws {
    let dataset = try SampleDataset()
    let file = try dataset.file("ndjson/")
    try dataset.change(file) { bytes in
      let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: true)
      bytes = Array(lines.reversed().joined(separator: [0x0A])) + [0x0A]
    }
    let what = try #require(try dataset.verified().problems.first).what
    #expect(what.contains("has other bytes than were committed: line 1 is not the record"))
  }

  @Test("a record in the wrong account's folder is found even when the manifest names its hash")
  func wrongPartition() throws {
    let dataset = try SampleDataset()
    let file = try dataset.file("ndjson/account=")
    let account = String(file.dropFirst("ndjson/account=".count).prefix(12))
    var before = ""
    try dataset.change(file) { bytes in
      before = SHA256Digest(of: bytes.span).hex
      let text = bytes.span.text()
      let key = "\"recipientAccountId\":\""
      bytes = Array(text.replacing(key + account, with: key + "999999999999").utf8)
    }
    let after = try FileSystem.contents(of: Path(dataset.path).appending(file))
    try dataset.change(
      try dataset.file("_trailmerge/partitions/", "\(file.suffix(28).prefix(10)).ndjson")
    ) { bytes in
      let hash = SHA256Digest(of: after.span).hex
      bytes = Array(bytes.span.text().replacing(before, with: hash).utf8)
    }
    try dataset.reseal()
    let problem = try #require(try dataset.verified().problems.first)
    #expect(problem.path == Path(file))
    #expect(problem.what == "the record in line 1 is of account 999999999999")
  }

  @Test("a file that an engine would read is a problem, a hidden one is not")
  func strays() throws {
    let dataset = try SampleDataset()
    try FileTree.write("{}\n", to: "ndjson/extra.ndjson", in: dataset.path)
    try FileTree.write("x", to: "csv/.DS_Store", in: dataset.path)
    try FileTree.write("x", to: "_trailmerge/staging/1/part", in: dataset.path)
    let report = try dataset.verified()
    #expect(report.problems.map(\.path) == ["ndjson/extra.ndjson"])
    #expect(report.problems.map(\.what) == ["was not committed"])
    #expect(Set(report.notes.map(\.path)) == ["csv/.DS_Store", "_trailmerge/staging"])
  }

  @Test("an eventID that is there twice is reported with both places")
  func doubledEvent() throws {
    let dataset = try SampleDataset()
    let index = try dataset.file("_trailmerge/index/")
    try dataset.change(index) { bytes in
      // The last row of 24 bytes once more, in place of the one before it.
      bytes.replaceSubrange((bytes.count - 48)..<(bytes.count - 24), with: bytes.suffix(24))
    }
    try dataset.reseal()
    let problems = try dataset.verified().problems
    #expect(problems.contains { $0.path == "ndjson" && $0.what.hasPrefix("has the event ") })
    #expect(problems.contains { $0.what.contains("is not the record that the index names") })
  }

  @Test("an index whose files the ledger does not know is reported")
  func lostLedger() throws {
    let dataset = try SampleDataset()
    try dataset.remove(try dataset.file("_trailmerge/ledger/"))
    try dataset.reseal()
    let report = try dataset.verified()
    #expect(report.notes.contains { $0.what.contains("files that the ledger lacks") })
  }

  @Test("a commit that a dead run left in the middle is all that is reported")
  func pendingJournal() throws {
    let dataset = try SampleDataset()
    try Journal([.remove("csv/no-such-file")]).write(DatasetLayout(Path(dataset.path)))
    #expect(try dataset.verified().problems.map(\.path) == ["_trailmerge/journal.ndjson"])
    #expect(try dataset.verified(repairing: true).problems.isEmpty)
    #expect(try dataset.verified().problems.isEmpty)
  }

  @Test(
    "a repair makes an index again from the records, and the next run knows their files again")
  func repairedIndex() throws {
    let dataset = try SampleDataset()
    let before = try FileTree.read(dataset.path)
    let index = try dataset.file("_trailmerge/index/")
    try dataset.change(index) { $0[$0.count / 2] ^= 1 }
    let report = try dataset.verified(repairing: true)
    #expect(report.problems.isEmpty && report.repaired == [Path(index)])
    #expect(try dataset.verified().problems.isEmpty)
    let records = { (files: [TreeFile]) in files.filter { !$0.path.hasPrefix("_trailmerge/") } }
    let after = try FileTree.read(dataset.path)
    #expect(FileTree.firstDifference(records(before), records(after)) == nil)
  }

  @Test(
    "a repair puts aside what only the inputs can tell, says so once, and a run gets it again",
    arguments: ["ledger", "conflicts"])
  func putAside(_ folder: String) throws {
    let dataset = try SampleDataset()
    let file = try dataset.file("_trailmerge/\(folder)/")
    try dataset.change(file) { $0[$0.count / 2] ^= 1 }
    let report = try dataset.verified(repairing: true)
    #expect(report.ending == .integrity)
    #expect(report.problems.map(\.path) == [Path(file)])
    #expect(report.problems.map(\.remedy) == [.run])
    let again = try dataset.verified()
    #expect(again.problems.isEmpty)
    #expect(again.notes.contains { $0.path == "_trailmerge/damaged" })
    #expect(try dataset.run().counts.files.read > 0)
    #expect(try dataset.file(file) == file)
    #expect(try dataset.verified().problems.isEmpty)
  }

  @Test("a repair brings the same bytes back, and leaves alone what only the inputs have")
  func repair() throws {
    let dataset = try SampleDataset()
    let before = try FileTree.read(dataset.path)
    try dataset.remove(try dataset.file("csv/", "part-00001.csv"))
    try dataset.change(try dataset.file("small/")) { $0.removeLast() }
    try dataset.remove(try dataset.file("hours/"))
    try FileTree.write("mine", to: "csv/dt=2026-11-01/notes.txt", in: dataset.path)
    let report = try dataset.verified(repairing: true)
    #expect(report.repaired.count >= 3)
    #expect(report.problems.map(\.path) == ["csv/dt=2026-11-01/notes.txt"])
    try dataset.remove("csv/dt=2026-11-01/notes.txt")
    #expect(FileTree.firstDifference(before, try FileTree.read(dataset.path)) == nil)

    let store = try dataset.file("ndjson/")
    try dataset.remove(store)
    #expect(try dataset.verified(repairing: true).problems.map(\.path) == [Path(store)])
  }

  @Test("a folder without a dataset is refused")
  func noDataset() throws {
    let folder = try TemporaryFolder()
    #expect(throws: DatasetError.self) { try verify(Path(folder.path)) }
  }
}
