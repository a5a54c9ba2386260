import Bytes
import CloudTrail
import Dataset
import Foundation
import JobFiles
import JobRunner
import TestSupport
import Testing
import Writing

/// Merges on a machine that has only what describes the datasets, as a cluster's driver does.
@Suite("A merge that is only prepared")
struct PreparedMergeTests {
  @Test(
    "equals one run, night by night, when the files are put where the journal says",
    arguments: seeds(4))
  func law(_ seed: UInt64) throws {
    let bench = try Workbench()
    var random = SeededGenerator(seed: seed)
    let variant = random.pick(OutputVariant.allCases)
    let files = try NastyTree.files(seed: seed, count: 30)
    let nights = random.within(1...3)
    for night in 0..<nights {
      let some = files.enumerated().filter { $0.offset % nights == night }.map(\.element)
      try bench.deliverByDays(some, variant, night: night, shards: random.within(1...3))
    }
    try bench.deliver(files)
    try bench.run(into: "at-once") { $0.outputs = variant.outputs }
    try bench.expectEqual("target", "at-once", "\(variant), \(nights) nights")
  }
}

extension Workbench {
  /// Runs some files as a cluster does, into the dataset `target`.
  fileprivate func deliverByDays(
    _ files: [TreeFile], _ variant: OutputVariant, night: Int, shards count: Int
  ) throws {
    func set(_ job: inout Job) { job.outputs = variant.outputs }
    var pieces: [String: [String]] = [:]
    for number in 0..<count {
      let shard = night * 10 + number
      let some = files.enumerated().filter { $0.offset % count == number }.map(\.element)
      try runShard(shard, of: some) { $0.outputs = [OutputSpecification(NDJSON())] }
      for piece in try JobRunner.split(
        Path(dataset("shard-\(shard)")), .pieces(10_000), by: job(into: "pieces-\(shard)", set),
        settings)
      {
        let name = String(piece.path.description.dropFirst(dataset("").utf8.count))
        let day = try stored(name).days.first?.description ?? "rest"
        pieces[variant.unit(of: day), default: []].append(name)
      }
    }
    var merged: [String] = []
    for (unit, names) in pieces {
      let own = try carveOut(unit, night)
      try self.merge(names + own, into: "\(night)-\(unit)", set)
      merged.append("\(night)-\(unit)")
    }
    try seal(merged.sorted(), set)
  }

  /// What the target holds of some days, as one more piece.
  private func carveOut(_ unit: String, _ night: Int) throws -> [String] {
    guard unit != "rest", night > 0 else { return [] }
    let (first, end) = try Workbench.days(of: unit)
    let name = "own-\(night)-\(unit)"
    let pieces = try JobRunner.split(
      Path(dataset("target")), .records,
      by: job(into: name) {
        $0.select.from = first
        $0.select.to = end
      }, settings)
    return pieces[0].recordCount == 0 ? [] : [name]
  }

  private static func days(of unit: String) throws -> (first: TimeBound, end: TimeBound) {
    func bound(_ day: Day) -> TimeBound {
      TimeBound(text: "\(day)", secondsSince1970: Int64(day.daysSince1970) * 86_400)
    }
    if unit == "all" {
      return try (bound(#require(Day("0001-01-01"))), bound(#require(Day("9999-12-31"))))
    }
    let first = try #require(Day(unit + "-01-01".suffix(10 - unit.count)))
    var end = first
    while end.description.hasPrefix(unit) { end = Day(daysSince1970: end.daysSince1970 + 1) }
    return (bound(first), bound(end))
  }

  /// Merges what describes the days into what describes the target, and only then moves files.
  private func seal(_ names: [String], _ set: (inout Job) -> Void) throws {
    let files = FileManager.default
    var settings = settings
    settings.onlyPrepares = true
    var parts: [String: String] = [:]
    for name in names + ["target"] {
      try hideParts(of: name, &parts, keepsIndexes: name != "target")
    }
    for attempt in 1...9 {
      do {
        _ = try JobRunner.merge(
          names.map { Path(dataset($0)) }, by: job(into: "target", set), decidesOutputs: true,
          settings)
        break
      } catch RunError.absent(let needed) where attempt < 9 {
        for file in needed {
          let hidden = try #require(parts[file.path.description], "\(file.path)")
          try copy(hidden, to: file.path.description)
        }
      }
    }
    // The target gets its own files back, the other ones are staged by their hashes.
    let layout = DatasetLayout(Path(dataset("target")))
    for (path, hidden) in parts where !files.fileExists(atPath: path) {
      if path.hasPrefix(dataset("target") + "/") { try copy(hidden, to: path) }
    }
    for name in names {
      for (path, hidden) in parts where path.hasPrefix(dataset(name) + "/") {
        let place = Path(String(path.dropFirst(dataset(name).utf8.count + 1)))
        let hash = try FileHash(ofFileAt: Path(hidden)).sha256
        try copy(hidden, to: layout.root.appending(DatasetLayout.staged(place, hash)).description)
      }
    }
    try OpenDataset.open(layout.root, lockWait: 0, isRebuild: false).release()
  }

  private func copy(_ file: String, to path: String) throws {
    let files = FileManager.default
    try files.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try files.copyItem(atPath: file, toPath: path)
  }

  /// Moves the files of outputs, and the indexes, out of a dataset.
  private func hideParts(
    of name: String, _ parts: inout [String: String], keepsIndexes: Bool
  ) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: dataset(name)) else { return }
    try files.createDirectory(
      atPath: folder.appending("hidden"), withIntermediateDirectories: true)
    for file in try FileTree.read(dataset(name)) {
      let last = (file.path as NSString).lastPathComponent
      let isPart = last.hasPrefix("part-") || last.hasPrefix("_part-")
      guard isPart || file.path.contains("_trailmerge/index/") && !keepsIndexes else { continue }
      let hidden = folder.appending("hidden/\(UUID().uuidString)")
      try files.moveItem(atPath: dataset(name) + "/" + file.path, toPath: hidden)
      parts[dataset(name) + "/" + file.path] = hidden
    }
  }

  private var settings: RunSettings {
    var settings = RunSettings()
    settings.syncs = false
    return settings
  }
}

extension OutputVariant {
  /// What a cluster merges at once: a day, or the longest period of a partition.
  fileprivate func unit(of day: String) -> String {
    if day == "rest" { return day }
    return outputs.map { output -> String in
      if output.partitionBy.contains(.dt) { return day }
      if output.partitionBy.contains(.month) { return String(day.prefix(7)) }
      return output.partitionBy.contains(.year) ? String(day.prefix(4)) : "all"
    }.min { $0.utf8.count < $1.utf8.count } ?? day
  }
}
