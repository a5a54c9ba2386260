import Bytes
import Dataset
import TestSupport

/// What happened to a dataset's disk, and which datasets it may hold at any moment.
struct DiskHistory {
  private(set) var model: DiskModel
  /// When each dataset was whole and its run had ended, and its files.
  private(set) var states: [(time: Int, listing: String)]
  /// Where disks are written to.
  let work: Path

  /// A disk; `listing` is the dataset that it holds.
  init(on model: DiskModel, listing: String, in work: Path) {
    self.model = model
    states = [(0, listing)]
    self.work = work
  }

  /// Adds what a process did in `folder`, which is this disk.
  mutating func append(_ changes: [RecordedChange], in folder: Path) {
    model.apply(changes, in: folder)
  }

  /// Notes the dataset that is there now, at the end of a run.
  mutating func end(with listing: String) {
    states.append((model.time, listing))
  }

  /// All moments.
  var times: ClosedRange<Int> { 0...model.time }

  /// The moments near those at which there is a journal: when a power cut can do harm.
  var commitTimes: [Int] {
    let journal = model.changes.filter { $0.text.contains("journal.ndjson") }.map(\.time)
    return zip(states, states.dropFirst()).flatMap { begin, end in
      let own = journal.filter { begin.time..<end.time ~= $0 }
      guard let first = own.first, let last = own.last else { return [Int]() }
      return Array((first - 1)...min(last + 4, end.time))
    }
  }

  /// The moments of the second run's commit.
  var secondCommit: ClosedRange<Int> {
    let times = commitTimes.filter { states[1].time...states[2].time ~= $0 }
    return (times.first ?? 0)...(times.last ?? 0)
  }

  /// The cuts with a disk that no other of them leaves.
  func distinct(_ cuts: some Sequence<PowerCut>) -> [PowerCut] {
    var disks: Set<Disk> = []
    var known: (time: Int, beginning: DiskModel.Beginning)?
    return cuts.filter { cut in
      if known?.time != cut.time { known = (cut.time, model.sureBeginning(at: cut.time)) }
      return disks.insert(model.disk(after: cut, from: known?.beginning)).inserted
    }
  }

  /// What is wrong with the dataset to which a recovery comes from a disk; nil for nothing.
  ///
  /// It has to be the one before or after the run that the power cut met: after its end, the latter.
  /// Reports of runs may be missing, and are whole.
  func fault(_ cut: PowerCut) throws -> String? {
    try model.write(model.disk(after: cut), to: work)
    do {
      try OpenDataset.open(work, lockWait: 0, isRebuild: false).release()
    } catch {
      return "\(error) after " + PowerCuts(model).text(cut)
    }
    let (reports, files) = split(try FileTree.read(work.description))
    for report in reports where (try? JSONObject(report.bytes.span)) == nil {
      return "\(report.path) is no report after " + PowerCuts(model).text(cut)
    }
    let found = FileTree.listing(of: files)
    let last = states.lastIndex { $0.time <= cut.time } ?? 0
    if states[last...].prefix(2).contains(where: { $0.listing == found }) { return nil }
    let isKnown = states.contains { $0.listing == found }
    return "\(isKnown ? "a dataset that is too old" : "a third dataset") after "
      + PowerCuts(model).text(cut)
  }

  /// The reports of runs, and the files that a dataset consists of.
  private func split(_ files: [TreeFile]) -> (reports: [TreeFile], own: [TreeFile]) {
    let own = files.filter { file in !FaultBench.ignored.contains { file.path.hasPrefix($0) } }
    let reports = files.filter {
      $0.path.hasPrefix("_trailmerge/runs/") && $0.path.hasSuffix(".json")
    }
    return (reports, own)
  }
}
