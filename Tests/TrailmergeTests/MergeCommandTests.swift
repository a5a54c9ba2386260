import Foundation
import TestSupport
import Testing

@Suite("merge and split on the command line")
struct MergeCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (name, ids) in [("a", ["1", "2"]), ("b", ["2", "3"])] {
      let records = ids.map {
        #"{"eventID":"\#($0)","eventTime":"202\#($0)-11-01T10:00:00Z","awsRegion":"r"}"#
      }
      try FileTree.write(records.joined(separator: "\n"), to: "\(name)/f.json", in: folder.url.path)
      try consolidate([name], into: "of-\(name)")
    }
    try consolidate(["a", "b"], into: "whole")
  }

  /// Makes a dataset of some inputs.
  private func consolidate(_ inputs: [String], into name: String) throws {
    let job = try folder.write(
      "inputs: [\(inputs.joined(separator: ", "))]\ndataset: \(name)\n", to: "\(name).yaml")
    let result = try runJob(job, into: folder.url.appending(path: name).path)
    #expect(result.status == 0, "\(result.errors)")
  }

  private func difference(_ left: String, _ right: String) throws -> String? {
    let own = ["_trailmerge/runs/", "_trailmerge/seen/", "_trailmerge/lock"]
    return try FileTree.firstDifference(
      folder.url.appending(path: left).path, folder.url.appending(path: right).path, ignoring: own)
  }

  @Test("give back the dataset of one run")
  func roundTrip() throws {
    let dry = try trailmerge("merge", "of-a", "of-b", "-o", "m", "--dry-run", in: folder.url)
    #expect(dry.status == 0)
    #expect(dry.output.contains("would merge 2 datasets with 2 files and 4 records into"))
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "m").path))

    let merged = try trailmerge("merge", "of-a", "of-b", "-o", "m", in: folder.url)
    #expect(merged.status == 0, "\(merged.errors)")
    #expect(merged.output.contains("4 in = 3 written + 1 duplicates"))
    #expect(try difference("m", "whole") == nil)

    let split = try trailmerge("split", "m", "--into", "2", "-o", "p", in: folder.url)
    #expect(split.status == 0, "\(split.errors)")
    #expect(split.output.split(separator: "\n").count == 2)
    let one = try trailmerge("merge", "p/00001", "-o", "again", in: folder.url)
    #expect(one.status == 3)
    #expect(one.output.contains("not there: 1/2"))
    #expect(try trailmerge("merge", "p/00000", "-o", "again", in: folder.url).status == 0)
    #expect(try difference("again", "whole") == nil)
    #expect(try trailmerge("consolidate", "a", "-o", "p/00000", in: folder.url).status == 64)
  }

  @Test("end with the same bytes, wherever a merge is killed")
  func killed() throws {
    let operand = folder.url.appending(path: "of-b").path
    let before = try FileTree.listing(of: operand)
    var count = 0
    for point in stride(from: 1, to: 1000, by: 4) {
      let work = folder.url.appending(path: "work")
      try? FileManager.default.removeItem(at: work)
      try FileManager.default.copyItem(at: folder.url.appending(path: "of-a"), to: work)
      let killed = try trailmerge(
        "merge", "of-b", "-o", "work", "--threads", "1", in: folder.url,
        environment: ["TRAILMERGE_KILL_BEFORE": "\(point)"])
      if killed.status != 9 { break }
      count += 1
      #expect(try trailmerge("merge", "of-b", "-o", "work", in: folder.url).status == 0)
      #expect(try difference("work", "whole") == nil, "point \(point)")
    }
    #expect(count > 5)
    #expect(try FileTree.listing(of: operand) == before, "an operand is only read")
  }

  @Test("are refused where they are not understood")
  func usage() throws {
    for arguments in [
      ["merge", "of-a"], ["merge", "-o", "m"], ["merge", "of-a", "nothing", "-o", "m"],
      ["split", "whole", "-o", "p"], ["split", "whole", "-o", "p", "--into", "0"],
      ["split", "whole", "-o", "of-a", "--into", "2"],
      ["merge", "of-a", "of-b", "-o", "of-a/inside"], ["merge", "of-a", "-o", "of-a/csv"],
      ["split", "whole", "-o", "whole/pieces", "--into", "2"],
      ["split", "whole", "-o", "p", "--from", "2021-11-01T10:00:00Z"],
      ["split", "whole", "-o", "p", "--into", "2", "--account-id", "1"],
      ["split", "whole", "-o", "p", "--into", "2", "--records-only"],
    ] {
      let result = try trailmerge(arguments, in: folder.url)
      #expect(result.status == 64, "\(arguments): \(result.status) \(result.errors)")
    }
    for name in ["of-a", "whole"] {
      #expect(try trailmerge("verify", name, in: folder.url).status == 0)
    }
  }

  @Test("split to the end after a kill anywhere, and never into what is there")
  func splitAgain() throws {
    let split = ["split", "whole", "-o", "p", "--into", "2"]
    func isThere(_ path: String) -> Bool {
      FileManager.default.fileExists(atPath: folder.url.appending(path: path).path)
    }
    let own = folder.url.appending(path: "p/00000/_trailmerge/staging").path
    try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
    #expect(try trailmerge(split, in: folder.url).status == 0)
    #expect(
      try trailmerge("merge", "p/00000", "p/00001", "-o", "again", in: folder.url).status == 0)
    #expect(try difference("again", "whole") == nil)
    #expect(try trailmerge(split, in: folder.url).status == 0, "it is done already")
    for other in [["of-a", "-o", "p", "--into", "2"], ["whole", "-o", "p", "--into", "1"]] {
      #expect(try trailmerge(["split"] + other, in: folder.url).status == 64)
    }
    // No more pieces could come of it, but a cut at other days could.
    let more = try trailmerge("split", "whole", "-o", "p", "--into", "9", in: folder.url)
    #expect(more.status == 64 && more.errors.contains("--into 2"), "\(more)")
    #expect(isThere("p/00001/_trailmerge/manifest.json"))
    try FileTree.write("mine", to: "p/00001/notes.txt", in: folder.url.path)
    #expect(try trailmerge(split, in: folder.url).status == 0)
    try FileTree.write("mine", to: "p/notes.txt", in: folder.url.path)
    #expect(try trailmerge(split, in: folder.url).status == 64)
    #expect(isThere("p/notes.txt"))
    // What fails leaves nothing.
    let damaged = folder.url.appending(path: "damaged").path
    try FileManager.default.copyItem(
      atPath: folder.url.appending(path: "whole").path, toPath: damaged)
    try FileManager.default.removeItem(atPath: damaged + "/_trailmerge/index")
    let failed = try trailmerge(
      "split", "damaged", "-o", "q", "--into", "2", in: folder.url)
    #expect(failed.status == 4 && !isThere("q"), "\(failed)")
  }

  @Test(
    "split to the same pieces, wherever a split is killed",
    arguments: [
      ["--into", "3"], ["--from", "2021-01-01"], ["--from", "2021-01-01", "--records-only"],
    ])
  func splitKilled(_ cut: [String]) throws {
    let before = try FileTree.listing(of: folder.url.appending(path: "whole").path)
    #expect(try trailmerge(["split", "whole", "-o", "p"] + cut, in: folder.url).status == 0)
    let split = ["split", "whole", "-o", "q"] + cut
    var count = 0
    // All points with `TRAILMERGE_SEEDS=12`.
    for point in stride(from: 1, to: 1000, by: max(1, 12 / seeds(1).count)) {
      try? FileManager.default.removeItem(at: folder.url.appending(path: "q"))
      let killed = try trailmerge(
        split + ["--threads", "1"], in: folder.url,
        environment: ["TRAILMERGE_KILL_BEFORE": "\(point)"])
      if killed.status != 9 { break }
      count += 1
      let again = try trailmerge(split, in: folder.url)
      #expect(again.status == 0, "point \(point): \(again.errors)")
      #expect(try pieceDifference("p", "q") == nil, "point \(point)")
    }
    #expect(count > 3)
    #expect(try FileTree.listing(of: folder.url.appending(path: "whole").path) == before)
  }

  /// How pieces differ, files outside of them too.
  private func pieceDifference(_ left: String, _ right: String) throws -> String? {
    func files(_ name: String) throws -> [TreeFile] {
      try FileTree.read(folder.url.appending(path: name).path).filter { file in
        let path = "/" + file.path
        return !["/_trailmerge/runs/", "/_trailmerge/seen/", "/_trailmerge/lock"].contains {
          path.contains($0)
        }
      }
    }
    let (left, right) = (try files(left), try files(right))
    if left.map(\.path) != right.map(\.path) { return "\(left.map(\.path)) \(right.map(\.path))" }
    return zip(left, right).first { $0.bytes != $1.bytes }?.0.path
  }

  @Test("carve out days")
  func carving() throws {
    let result = try trailmerge(
      "split", "whole", "-o", "p", "--from", "2022-01-01", "--to", "2023-01-01", in: folder.url)
    #expect(result.status == 0 && result.output.hasSuffix("p: 1 records\n"), "\(result)")
    #expect(try trailmerge("verify", "p", in: folder.url).status == 0)
    let merged = try trailmerge("merge", "p", "whole", "-o", "m", in: folder.url)
    #expect(merged.status == 0, "the whole is there")
    #expect(try difference("m", "whole") == nil)
  }

  @Test("leave a whole dataset whole, which takes runs again")
  func pieceOfOlder() throws {
    let carve = ["split", "of-a", "-o", "p", "--from", "2022-01-01"]
    #expect(try trailmerge(carve, in: folder.url).status == 0)
    #expect(try trailmerge("consolidate", "a", "b", "-o", "of-a", in: folder.url).status == 0)
    let contained = try trailmerge("merge", "p", "-o", "of-a", in: folder.url)
    #expect(contained.status == 0, "\(contained)")
    let more = try trailmerge("merge", "p", "-o", "of-b", in: folder.url)
    #expect(more.status == 64 && more.errors.contains("is whole"), "\(more)")
    for name in ["of-a", "of-b"] {
      #expect(try trailmerge("verify", name, in: folder.url).status == 0)
      #expect(try trailmerge("consolidate", "a", "b", "-o", name, in: folder.url).status == 0)
    }
    #expect(try difference("of-a", "whole") == nil)
  }

  @Test("prepare a commit of files that are elsewhere, and any run ends it")
  func prepared() throws {
    let files = FileManager.default
    func url(_ path: String) -> URL { folder.url.appending(path: path) }
    func copy(_ source: URL, to target: URL) throws {
      try files.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try files.copyItem(at: source, to: target)
    }
    for name in ["of-a", "of-b"] {
      try copy(url("\(name)/_trailmerge"), to: url("described/\(name)/_trailmerge"))
    }
    let command = ["merge", "described/of-a", "described/of-b", "-o", "m", "--prepare"]
    let asking = try trailmerge(command + ["--report", "json"], in: folder.url)
    #expect(asking.status == 1)
    // The cell that both have.
    let report = try JSONSerialization.jsonObject(with: Data(asking.output.utf8)) as? [String: Any]
    let needed = try #require(report?["needed"] as? [[String: Any]])
      .compactMap { $0["path"] as? String }
    #expect(needed.count == 2)
    for path in needed {
      let place = try #require(path.components(separatedBy: "/described/").last)
      try copy(url(place), to: URL(filePath: path))
    }
    let prepared = try trailmerge(command, in: folder.url)
    #expect(prepared.status == 0 && prepared.output.contains("prepared, not committed yet"))
    #expect(!files.fileExists(atPath: url("m/_trailmerge/manifest.json").path))

    let journal = try String(contentsOf: url("m/_trailmerge/journal.ndjson"), encoding: .utf8)
    for line in journal.split(separator: "\n") {
      let step = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard let place = step?["put"] as? String, let staged = step?["staged"] as? String,
        let hash = step?["sha256"] as? String, !files.fileExists(atPath: url("m/\(staged)").path)
      else { continue }
      #expect(staged == "_trailmerge/staging/\(hash)/\(place)")
      let owner = files.fileExists(atPath: url("of-a/\(place)").path) ? "of-a" : "of-b"
      try copy(url("\(owner)/\(place)"), to: url("m/\(staged)"))
    }
    #expect(try trailmerge("merge", "of-a", "-o", "m", in: folder.url).status == 0)
    #expect(try difference("m", "whole") == nil)
  }

  @Test("carve out records, and take them back with what was merged into them")
  func recordsOnly() throws {
    let carved = try trailmerge(
      "split", "whole", "-o", "p", "--from", "2022-01-01", "--to", "2024-01-01", "--records-only",
      in: folder.url)
    #expect(carved.status == 0 && carved.output.hasSuffix("p: 2 records\n"), "\(carved)")
    #expect(try trailmerge("verify", "p", in: folder.url).status == 0)
    let ledger = folder.url.appending(path: "p/_trailmerge/ledger")
    #expect(!FileManager.default.fileExists(atPath: ledger.path))
    try FileTree.write(
      #"{"eventID":"9","eventTime":"2022-11-01T10:00:00Z","awsRegion":"r"}"#, to: "c/f.json",
      in: folder.url.path)
    #expect(try trailmerge("consolidate", "c", "-o", "of-c", in: folder.url).status == 0)
    #expect(try trailmerge("merge", "of-c", "p", "-o", "days", in: folder.url).status == 3)
    let back = try trailmerge("merge", "days", "-o", "whole", in: folder.url)
    #expect(back.status == 0, "\(back)")
    #expect(
      try trailmerge("consolidate", "a", "b", "c", "-o", "at-once", in: folder.url).status == 0)
    #expect(try difference("whole", "at-once") == nil)
  }
}
