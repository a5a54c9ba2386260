import Bytes
import Foundation
import TestSupport
import Testing

/// One bit flipped in any file of a dataset.
@Suite("A flipped bit", .serialized)
struct DamageTests {
  /// Places in a file: some, all of ten on request.
  private func places(in file: TreeFile) -> [Int] {
    let wanted = ProcessInfo.processInfo.environment["TRAILMERGE_SEEDS"] == nil ? 2 : 10
    let count = min(wanted, file.bytes.count)
    return (0..<count).map { (2 * $0 + 1) * file.bytes.count / (2 * count) }
  }

  private func flip(_ file: TreeFile, at place: Int, in dataset: String) throws {
    var bytes = file.bytes
    bytes[place] ^= 1
    try FileTree.write(bytes, to: file.path, in: dataset)
  }

  /// The records of the store.
  private func records(_ bench: FaultBench, _ name: String) throws -> Set<[UInt8]> {
    Set(
      try bench.files(name).filter { $0.path.hasPrefix("ndjson/") }
        .flatMap { $0.bytes.split(separator: 0x0A).map(Array.init) })
  }

  @Test("is named by verify, never traps, costs no record, and a rebuild gets past it")
  func everyFile() throws {
    let bench = try FaultBench(.small)
    let work = bench.folder.appending("work")
    for file in try bench.files("old") {
      for place in places(in: file) {
        let what: Comment = "\(file.path), byte \(place)"
        try bench.restore("work")
        try flip(file, at: place, in: work)
        let verified = try trailmerge("verify", work)
        #expect(verified.status == 4, what)
        #expect((verified.output + verified.errors).contains(file.path), what)

        // The next night notices it, heals it, or leaves it alone.
        let damaged = try bench.files("work")
        let run = try bench.run(into: "work")
        if run.status == 4 {
          #expect(FileTree.firstDifference(try bench.files("work"), damaged) == nil, what)
        } else {
          #expect(run.status == 0, what)
          let isLeft = try bench.files("work").contains {
            $0 == damaged.first { $0.path == file.path }
          }
          let after = try trailmerge("verify", work)
          #expect(after.status == (isLeft ? 4 : 0), what)
        }

        let rebuilt = try bench.rebuild(into: "work", job: bench.lossyJob)
        #expect(rebuilt.status == 0, "\(what): \(rebuilt.errors)")
        let difference = try bench.difference("work", "new")
        #expect(difference == nil, what)
      }
    }
  }

  @Test("costs no record that is stored elsewhere when it is repaired")
  func repair() throws {
    let bench = try FaultBench(.small)
    let work = bench.folder.appending("work")
    let before = try records(bench, "old")
    for file in try bench.files("old") {
      for place in places(in: file) {
        let what: Comment = "\(file.path), byte \(place)"
        try bench.restore("work")
        try flip(file, at: place, in: work)
        let repaired = try trailmerge("verify", "--repair", work)
        #expect([0, 4].contains(repaired.status), what)
        let kept = try records(bench, "work")
        if !file.path.hasPrefix("ndjson/") { #expect(kept == before, what) }
        if repaired.status == 0 { #expect(try trailmerge("verify", work).status == 0, what) }
        if ["_trailmerge/manifest", "_trailmerge/partitions"].contains(where: file.path.hasPrefix) {
          let difference = try bench.difference("work", "old")
          #expect(repaired.status == 0 && difference == nil, what)
          #expect(try bench.run(into: "work").status == 0, what)
          #expect(try bench.difference("work", "new") == nil, what)
        }
      }
    }
  }

  @Test("in the root costs no record unseen: the rebuild counts what it would drop all the same")
  func root() throws {
    let bench = try FaultBench(.small)
    let work = bench.folder.appending("work")
    for path in ["_trailmerge/manifest.json", "_trailmerge/partitions/"] {
      let file = try #require(try bench.files("old").first { $0.path.hasPrefix(path) })
      try bench.restore("work")
      try flip(file, at: file.bytes.count / 3, in: work)
      let rebuilt = try bench.run(into: "work", ["--rebuild"])
      if path.hasSuffix("json") {
        #expect(rebuilt.status == 0, "\(rebuilt.errors)")
        let difference = try bench.difference("work", "new")
        #expect(difference == nil)
      } else {
        #expect(rebuilt.status == 4)
        #expect((rebuilt.output + rebuilt.errors).contains("--allow-loss"))
      }
    }
    // The first night's files are gone, and so is half of the root.
    // One more text lost to another.
    let old = try records(bench, "old").count
    try FileSystem.removeTree(Path(bench.folder.appending("input/1")))
    try bench.restore("work")
    let manifest = try #require(
      try bench.files("old").first { $0.path == "_trailmerge/manifest.json" })
    try FileTree.write(
      Array(manifest.bytes.prefix(manifest.bytes.count / 2)), to: manifest.path, in: work)
    let before = try bench.files("work")
    let refused = try bench.run(into: "work", ["--rebuild"])
    #expect(refused.status == 4)
    #expect((refused.output + refused.errors).contains("\(old + 1) records would be dropped"))
    #expect(FileTree.firstDifference(try bench.files("work"), before) == nil)
    #expect(try bench.rebuild(into: "work", job: bench.lossyJob).status == 0)
    #expect(try trailmerge("verify", work).status == 0)
  }

  @Test("is not needed: each file as it was a night ago is found by whoever reads it")
  func rollback() throws {
    let bench = try FaultBench(.small)
    let work = bench.folder.appending("work")
    let new = try bench.files("new")
    for file in try bench.files("old") {
      guard let now = new.first(where: { $0.path == file.path }), now != file else { continue }
      try FileSystem.removeTree(Path(work))
      try FileManager.default.copyItem(atPath: bench.folder.appending("new"), toPath: work)
      try FileTree.write(file.bytes, to: file.path, in: work)
      let verified = try trailmerge("verify", work)
      #expect(verified.status == 4, "\(file.path)")
      let before = try records(bench, "work")
      let run = try bench.run(into: "work")
      #expect([0, 4].contains(run.status), "\(file.path): \(run.errors)")
      #expect(try records(bench, "work") == before, "\(file.path)")
    }
  }
}
