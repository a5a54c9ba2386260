import Foundation
import TestSupport
import Testing

/// What the files of an input are known by, and which files are found.
@Suite("Inputs")
struct InputTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// A file with one event; all files have one size and one time of change.
  private func deliver(_ number: Int, to path: String) throws {
    let record = #"{"eventTime":"2026-11-19T00:00:0\#(number)Z","eventID":"id-\#(number)"}"#
    try FileTree.write(#"{"Records":[\#(record)]}"#, to: path, in: folder.url.path)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_795_000_000)],
      ofItemAtPath: folder.url.appending(path: path).path)
  }

  private func log(_ number: Int, in place: String) throws {
    let name = "111122223333_CloudTrail_us-east-1_20261119T1005Z_\(number).json.gz"
    try deliver(number, to: "\(place)/CloudTrail/us-east-1/2026/11/19/\(name)")
  }

  /// Runs in the folder, or in one of its folders.
  private func consolidate(
    _ inputs: String..., into dataset: String = "out", in place: String = ".",
    flags: [String] = ["--format", "csv", "--columns", "eventID", "--provenance"]
  ) throws -> CommandResult {
    try trailmerge(
      ["consolidate"] + inputs + ["-o", folder.url.appending(path: dataset).path] + flags,
      in: folder.url.appending(path: place))
  }

  /// What the dataset says of each event: where it is from.
  private func sources(_ dataset: String = "out") throws -> [String] {
    try FileTree.read(folder.url.appending(path: "\(dataset)/csv").path).flatMap { file in
      String(decoding: file.bytes, as: UTF8.self).split(separator: "\r\n").dropFirst()
        .map { String($0.split(separator: ",")[1]) }
    }
  }

  private func expectSame(_ left: String, _ right: String) throws {
    let difference = try FileTree.firstDifference(
      folder.url.appending(path: left).path, folder.url.appending(path: right).path,
      ignoring: ["_trailmerge/runs/"])
    #expect(difference == nil)
  }

  // MARK: Names

  @Test("a file of the same name, size and time in another input is another file")
  func otherInput() throws {
    try deliver(1, to: "monday/events.json")
    try deliver(2, to: "tuesday/events.json")
    #expect(try consolidate("monday").status == 0)
    let second = try consolidate("tuesday")
    #expect(second.output.contains("1 found = 1 read"))
    #expect(try sources() == ["monday/events.json", "tuesday/events.json"])
  }

  @Test("one more input renames nothing, and what is grown equals what is made at once")
  func addedInput() throws {
    try log(1, in: "a/AWSLogs/111122223333")
    try log(2, in: "b/AWSLogs/111122223333")
    #expect(try consolidate("a").status == 0)
    #expect(try consolidate("a", "b").output.contains("2 found = 1 read + 1 already read"))
    #expect(try consolidate("a", "b", into: "once").status == 0)
    try expectSame("out", "once")
    #expect(try sources().map { $0.prefix(9) } == ["a/AWSLogs", "b/AWSLogs"])
  }

  @Test("an input is known by one name, however its path is written")
  func spellings() throws {
    try deliver(1, to: "x/logs/1.json")
    try deliver(2, to: "x/logs/sub/2.json")
    #expect(try consolidate("x/logs").status == 0)
    let spellings = [
      ("./x/logs/", "."), ("x//logs/.", "."), (".", "x/logs"), ("../../x/logs", "x/logs"),
      (folder.url.path + "/x/logs", "."), ("logs=x/logs", "."), ("logs=./x/../x/logs", "."),
    ]
    for (input, place) in spellings {
      let result = try consolidate(input, in: place)
      #expect(result.output.contains("2 found = 2 already read"), "\(input)")
    }
    #expect(try sources() == ["logs/1.json", "logs/sub/2.json"])
  }

  @Test("a file that is an input needs no name: it has its path")
  func files() throws {
    try deliver(1, to: "x/a/events.json")
    try deliver(2, to: "x/b/events.json")
    try deliver(3, to: "c/events")
    try deliver(4, to: "d/events.json")
    let absolute = folder.url.path + "/d/events.json"
    let result = try consolidate(
      "./a/events.json", "b/../b//events.json", "../c/events", absolute, in: "x")
    #expect(result.output.contains("4 found = 4 read"))
    #expect(
      try sources() == ["a/events.json", "b/events.json", "../c/events", absolute])
    let again = try consolidate("b/events.json", "n=../d/events.json", in: "x")
    #expect(again.output.contains("2 found = 1 read + 1 already read"))
  }

  @Test("NAME=PATH names an input; a path that is there is no name")
  func namedInputs() throws {
    try deliver(1, to: "x/logs/1.json")
    try deliver(2, to: "y/logs/1.json")
    try deliver(3, to: "x=y/1.json")
    try deliver(4, to: "one.json")
    #expect(try consolidate("x/logs", "y=y/logs", "x=y", "f=one.json").status == 0)
    #expect(
      try sources() == ["logs/1.json", "y/1.json", "x=y/1.json", "f/one.json"])
    #expect(try consolidate("x=./y", into: "other").output.contains("1 found = 1 read"))
    #expect(try sources("other") == ["x/logs/1.json"])
  }

  @Test("two inputs of one name are wrong usage, with what to do")
  func namesakes() throws {
    try deliver(1, to: "x/logs/1.json")
    try deliver(2, to: "y/logs/1.json")
    try deliver(3, to: "logs/3.json")
    let result = try consolidate("x/logs", "y/logs")
    #expect(result.status == 64)
    #expect(result.errors.contains("x/logs and y/logs are both known as logs: give one a name"))
    let mixed = try consolidate("y/logs", "logs/3.json")
    #expect(mixed.status == 64)
    #expect(mixed.errors.contains("y/logs and logs/3.json are both known as logs"))
    #expect(try consolidate("y/logs", "n=logs/3.json").status == 0)
  }

  // MARK: Places

  @Test("inputs that contain one another are wrong usage, also through links")
  func nested() throws {
    try deliver(1, to: "a/b/1.json")
    try link("other", to: "a/b")
    for inputs in [["a", "a"], ["a", "a/b"], ["a/b/1.json", "a"], ["n=a", "m=other"]] {
      let result = try trailmerge(
        ["consolidate"] + inputs + ["-o", "out"], in: folder.url)
      #expect(result.status == 64, "\(inputs)")
      #expect(result.errors.contains("expected inputs apart from one another"))
    }
  }

  @Test("a mirror below a folder AWSLogs is read, whatever folders are between")
  func mirrorBelowAWSLogs() throws {
    try log(1, in: "AWSLogs/prod/111122223333")
    try log(2, in: "AWSLogs/o-ab12cd34ef/ou-1/111122223333")
    try deliver(3, to: "AWSLogs/prod/exports/3.json")
    #expect(try consolidate("AWSLogs/prod").output.contains("2 found = 2 read"))
    #expect(try consolidate("AWSLogs", into: "all").output.contains("3 found = 3 read"))
    #expect(try sources("all").allSatisfy { $0.hasPrefix("AWSLogs/") })
  }

  @Test("what a run has written is never read, night after night")
  func ownDataset() throws {
    try deliver(1, to: "mirror/1.json")
    try FileTree.write(
      #"{"Records":[7,{"eventTime":"never"}]}"#, to: "mirror/rejected.json", in: folder.url.path)
    try link("mirror/up", to: "")
    try link("mirror/dataset", to: "out")
    try link("mirror/side", to: "out/_trailmerge")
    try link("mirror/store", to: "store")
    try deliver(2, to: "store/2.json")
    try link("store/dataset", to: "out/csv")
    #expect(try consolidate("mirror").status == 3)
    let before = try FileTree.read(folder.url.appending(path: "out/_trailmerge").path)
    for _ in 1...2 {
      let result = try consolidate("mirror")
      #expect(result.output.contains("7 found = 3 already read + 4 skipped: link"))
    }
    let after = try FileTree.read(folder.url.appending(path: "out/_trailmerge").path)
    func kept(_ files: [TreeFile]) -> [TreeFile] {
      // When files were modified is known once they are two seconds old.
      files.filter { !$0.path.contains("runs/") && !$0.path.contains("seen/") }
    }
    #expect(kept(before) == kept(after))
  }

  @Test(
    "nor is it where it is mounted a second time",
    .enabled(if: canMount, "needs unshare and mount (util-linux), and the right to mount"))
  func mountedDataset() throws {
    try deliver(1, to: "mirror/1.json")
    for name in ["a", "b", "c"] {
      try FileManager.default.createDirectory(
        at: folder.url.appending(path: "mirror/\(name)"), withIntermediateDirectories: true)
    }
    #expect(try consolidate("mirror", flags: ["--format", "ndjson"]).status == 0)
    let script = """
      mount --bind out mirror/a && mount --bind out/_trailmerge mirror/b &&
      mount --bind out/ndjson mirror/c && exec "$1" consolidate mirror -o out --format ndjson
      """
    let result = try bash(
      #"exec unshare -m bash -c "$0" x "$1""#,
      [script, builtProducts.appending(path: "trailmerge").path], in: folder.url)
    #expect(result.status == 0)
    #expect(result.output.contains("4 found = 1 already read + 3 skipped: dataset"))
  }

  private static let canMount =
    (try? bash("unshare -m true && d=$(mktemp -d) && unshare -m mount --bind $d $d && rmdir $d"))?
    .status == 0

  @Test("a dataset can be an input: its records are read, its own folder is not")
  func datasetAsInput() throws {
    try deliver(1, to: "mirror/1.json")
    #expect(try consolidate("mirror", flags: ["--format", "ndjson"]).status == 0)
    let result = try consolidate("out", into: "copy")
    #expect(result.output.contains("2 found = 1 read + 1 skipped: _trailmerge"))
    let inside = try consolidate("out/_trailmerge", into: "copy")
    #expect(inside.status == 64)
    #expect(inside.errors.contains("expected an input outside the _trailmerge of a dataset"))
  }

  @Test("an unfinished copy is skipped until it has its name")
  func partialDownload() throws {
    try log(1, in: "mirror/AWSLogs/111122223333")
    let name = try #require(
      try FileTree.read(folder.url.appending(path: "mirror").path).first?.path)
    try FileManager.default.moveItem(
      at: folder.url.appending(path: "mirror/\(name)"),
      to: folder.url.appending(path: "mirror/\(name).3aFb12cd"))
    #expect(try consolidate("mirror").output.contains("1 found = 1 skipped: partial download"))
    try FileManager.default.moveItem(
      at: folder.url.appending(path: "mirror/\(name).3aFb12cd"),
      to: folder.url.appending(path: "mirror/\(name)"))
    #expect(try consolidate("mirror").output.contains("1 found = 1 read"))
  }

  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.url.appending(path: path).path,
      withDestinationPath: folder.url.appending(path: target).path)
  }
}
