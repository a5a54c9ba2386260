import Bytes
import Dataset
import Foundation
import TestSupport
import Testing

/// Runs on a dataset whose job has changed since.
@Suite("A job that has changed since it made the dataset")
struct ChangedJobTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try deliver(1)
  }

  private func deliver(_ number: Int) throws {
    try FileTree.write(
      #"{"eventTime":"2026-11-19T00:00:0\#(number)Z","eventID":"id-\#(number)"}"#,
      to: "in/\(number).json", in: folder.url.path)
  }

  private func consolidate(_ flags: String...) throws -> CommandResult {
    try trailmerge(["consolidate", "in", "-o", "data"] + flags, in: folder.url)
  }

  /// Makes the dataset as `consolidate` does without flags.
  private func makeData() throws {
    let job = try folder.write("inputs: [in]\ndataset: data\n", to: "first.yaml")
    #expect(try runJob(job, into: folder.url.appending(path: "data").path).status == 0)
  }

  private var manifest: String {
    get throws { try folder.text("data/_trailmerge/manifest.json") }
  }

  /// All of the dataset but reports and times.
  private func files() throws -> [TreeFile] {
    try FileTree.read(folder.url.appending(path: "data").path)
      .filter { file in
        !["runs/", "seen/"].contains { file.path.hasPrefix("_trailmerge/" + $0) }
      }
  }

  @Test("may begin later, with leave: what is before is gone, and a dry run says so")
  func raisedStart() throws {
    try deliver(5)
    try makeData()
    let flags = ["--from", "2026-11-19T00:00:03Z"]
    let command = ["consolidate", "in", "-o", "data"] + flags
    for more in [[], ["--dry-run"]] {
      let refused = try trailmerge(command + more, in: folder.url)
      #expect(refused.status == 64)
      #expect(refused.errors.contains("select.from: nothing -> 2026-11-19T00:00:03Z"))
      #expect(refused.errors.contains("--allow-loss"))
    }
    let words = "1 stored record before 2026-11-19T00:00:03Z leave"
    let foretold = try trailmerge(command + ["--allow-loss", "--dry-run"], in: folder.url)
    #expect(foretold.status == 0 && foretold.output.contains(words), "\(foretold.output)")
    let result = try trailmerge(command + ["--allow-loss", "--report", "json"], in: folder.url)
    #expect(result.status == 0)
    #expect(result.output.contains("\"dropped\":1"), "\(result.output)")
    #expect(try trailmerge(["verify", "data"], in: folder.url).status == 0)
    #expect(try trailmerge(command, in: folder.url).status == 0)
  }

  @Test(
    "may take more, and then no longer less",
    arguments: [
      (["--salvage"], [], "salvage: true -> false", "salvage"),
      (["--max-inflated", "2GiB"], [], "maxInflated: 2GiB -> 1GiB", "maxInflated"),
      (["--validate"], ["--no-validate"], "validate: true -> false", "validate"),
      (
        ["--salvage", "--max-inflated", "3GiB"], ["--max-inflated", "2GiB"],
        "maxInflated: 3GiB -> 2GiB; salvage: true -> false", "maxInflated and salvage"
      ),
    ])
  func growing(more: [String], less: [String], changes: String, keys: String) throws {
    try makeData()
    try deliver(2)
    let command = ["consolidate", "in", "-o", "data"]
    // Without digests, validation is an integrity problem; the new file is committed all the same.
    #expect([0, 4].contains(try trailmerge(command + more, in: folder.url).status))
    let before = try files()
    try deliver(3)
    let result = try trailmerge(command + less, in: folder.url)
    #expect(result.status == 64)
    let dataset = folder.url.appending(path: "data").path
    #expect(
      result.errors.contains(
        "the job has changed since it made \(dataset): \(changes); a dataset may take more as it "
          + "grows, not less: set \(keys) as before, or use --rebuild to make the dataset again, "
          + "or another dataset folder"))
    #expect(try files() == before)
    #expect(try trailmerge(command + less + ["--rebuild"], in: folder.url).status == 0)
    #expect(try trailmerge(command + less, in: folder.url).status == 0)
  }

  @Test("is refused for other columns, whether they were named or the default ones")
  func columns() throws {
    #expect(try consolidate("--format", "csv").status == 0)
    let result = try consolidate("--format", "csv", "--columns", "eventID")
    #expect(result.status == 64)
    #expect(result.errors.contains("outputs[0].columns: [eventTime, "))
    #expect(result.errors.contains("] -> [eventID]; use --rebuild"))
  }

  @Test("is the same job when a flag names a default, or a file names it in another way")
  func defaults() throws {
    try makeData()
    let before = try files()
    #expect(try consolidate("--compression", "none", "--no-provenance").status == 0)
    let job = """
      inputs: [in]
      dataset: data
      maxInflated: 1024MiB
      outputs: [{ name: ndjson, format: ndjson, partitionBy: [account, region, dt] }, { format: csv }]
      """
    _ = try folder.write(job, to: "job.yaml")
    #expect(try trailmerge("run", "job.yaml", in: folder.url).status == 0)
    #expect(try files() == before)
  }

  @Test("has no objection to a manifest that says less of its job, and says it at the next commit")
  func olderManifest() throws {
    try makeData()
    let layout = DatasetLayout(Path(folder.url.appending(path: "data").path))
    var root = try Manifest(of: layout)
    root.job.removeAll {
      $0.contains("maxInflated") || $0.contains("salvage") || $0.contains("validate")
        || $0.contains("].columns: [eventTime")
    }
    let older = String(decoding: root.json(), as: UTF8.self)
    _ = try folder.write(older, to: "data/_trailmerge/manifest.json")
    #expect(try trailmerge("verify", "data", in: folder.url).status == 0)
    #expect(try consolidate("--max-inflated", "1MiB").status == 0)
    #expect(try manifest == older, "nothing was new")
    try deliver(2)
    #expect(try consolidate("--max-inflated", "1MiB").status == 0)
    #expect(try manifest.contains(#""maxInflated: 1MiB""#))
    #expect(try manifest.contains(#""outputs[1].columns: [eventTime, "#))
    #expect(try consolidate("--max-inflated", "1023KiB").status == 64)
  }
}
