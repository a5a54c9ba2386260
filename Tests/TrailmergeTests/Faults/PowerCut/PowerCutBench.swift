import Bytes
import TestSupport

/// Three runs into one dataset, and the record of all that they did to the disk.
///
/// Two nights of several days, and a rebuild whose partitions have fewer files.
struct PowerCutBench {
  let bench: FaultBench
  private let rebuildingJob: String
  private var records: [Record] = []

  private struct Record {
    let name: String
    let changes: [RecordedChange]
  }

  init(_ environment: [String: String] = [:]) throws {
    bench = try FaultBench(.days, environment: environment)
    rebuildingJob = bench.folder.appending("rebuild.yaml")
    let text = """
      name: faults
      inputs: [input]
      dataset: unused
      outputs:
        - format: ndjson
          maxRows: 8
        - format: csv
          partitionBy: [dt]
      """
    try FileTree.write(text, to: "rebuild.yaml", in: bench.folder.path)
    try bench.restore("rebuilt", from: "new")
    _ = try rebuild(into: "rebuilt", environment: bench.recording("rebuilt"))
    records = try ["old", "new", "rebuilt"].map { name in
      Record(name: name, changes: try RecordedChange.read(bench.record(name)))
    }
  }

  private func rebuild(
    into name: String, environment: [String: String] = [:]
  ) throws -> CommandResult {
    try bench.rebuild(into: name, job: rebuildingJob, environment: environment)
  }

  /// What happened to the disk in all three runs.
  ///
  /// `missing`: the number of a sync that is left out, as if the command did not have it.
  func history(withoutSync missing: Int? = nil) throws -> DiskHistory {
    var history = DiskHistory(on: DiskModel(), listing: "", in: Path(bench.folder.appending("cut")))
    var syncCount = 0
    for record in records {
      let changes = record.changes.filter { change in
        guard change.isSync else { return true }
        syncCount += 1
        return syncCount - 1 != missing
      }
      history.append(changes, in: Path(bench.folder.appending(record.name)))
      history.end(with: try listing(record.name))
    }
    return history
  }

  /// The syncs of each run: what they are, and their places in its record.
  var syncs: [[(kind: RecordedChange.Kind, place: Int)]] {
    records.map { record in
      record.changes.indices.filter { record.changes[$0].isSync }
        .map { (record.changes[$0].kind, $0) }
    }
  }

  // MARK: Recoveries

  /// A second night that was killed at a moment of `history`, and the run after it.
  ///
  /// A kill loses nothing: but what no sync covered before is still not sure to be on the disk.
  func recovery(killedAt time: Int, in history: DiskHistory) throws -> DiskHistory {
    try history.model.write(history.model.disk(after: PowerCut(time: time)), to: work)
    let night = records[1]
    let changes = night.changes.prefix(time - history.states[1].time)
    let old = DiskModel(try FileTree.read(bench.folder.appending("old")))
    return try recovery(on: old, Array(changes), of: night.name)
  }

  /// The run after a power cut in the second night.
  func recovery(after cut: PowerCut, in history: DiskHistory) throws -> DiskHistory {
    let disk = history.model.disk(after: cut)
    try history.model.write(disk, to: work)
    let model = DiskModel(history.model.files(of: disk), folders: disk.folders)
    return try recovery(on: model, [], of: records[1].name)
  }

  /// `model`: what the disk was sure to have before the changes that a night made.
  private func recovery(
    on model: DiskModel, _ changes: [RecordedChange], of night: String
  ) throws -> DiskHistory {
    try FileSystem.removeFile(bench.record("work"))
    _ = try bench.run(into: "work", environment: bench.recording("work"))
    var history = DiskHistory(
      on: model, listing: try listing("old"), in: Path(bench.folder.appending("cut")))
    history.append(changes, in: Path(bench.folder.appending(night)))
    history.append(try RecordedChange.read(bench.record("work")), in: work)
    history.end(with: try listing("new"))
    return history
  }

  private var work: Path { Path(bench.folder.appending("work")) }

  private func listing(_ name: String) throws -> String {
    try FileTree.listing(of: bench.files(name))
  }

  // MARK: The next run

  /// What is wrong with the next run of the command from a disk; nil for nothing.
  func faultOfNextRun(_ cut: PowerCut, in history: DiskHistory) throws -> String? {
    try history.model.write(history.model.disk(after: cut), to: history.work)
    let isRebuild = history.states.count > 3 && cut.time > history.states[2].time
    let name = history.work.lastComponent.span.text()
    let next = isRebuild ? try rebuild(into: name) : try bench.run(into: name)
    let words = PowerCuts(history.model).text(cut)
    // 3: records were rejected, if there was anything to read.
    guard [0, 3].contains(next.status) else {
      return "exit \(next.status), \(next.errors) after \(words)"
    }
    if let difference = try bench.difference(name, isRebuild ? "rebuilt" : "new") {
      return "\(difference) after \(words)"
    }
    let left = try FileTree.read(history.work.description).first { $0.path.hasSuffix(".tmp") }
    if let left { return "\(left.path) is left after \(words)" }
    let verified = try trailmerge("verify", history.work.description)
    return verified.status == 0 ? nil : "\(verified.output)\(verified.errors) after \(words)"
  }
}
