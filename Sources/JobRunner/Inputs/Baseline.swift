import Bytes
import Dataset
import JobFiles
import Reading
import Writing

/// What the dataset holds before a run, and what of it the run keeps.
struct Baseline: Sendable {
  let layout: DatasetLayout
  /// What the dataset holds and keeps; nothing of a rebuilt one.
  let stored: StoredDataset
  /// What is removed at the commit unless it is written again: all of a rebuilt dataset.
  let replaced: StoredDataset?
  /// What of it leaves, since the job selects from a later time on than it did.
  let retention: Retention?
  /// The job as the manifest will have it.
  let job: [String]
  /// What the dataset will be a part of.
  let parts: [DatasetPart]
  /// Whether there is no dataset yet.
  let isNew: Bool

  /// The hash of the manifest as it was.
  var root: SHA256Digest { SHA256Digest(of: stored.manifest.json().span) }

  /// What a merge begins with.
  ///
  /// - Parameters:
  ///   - stored: What the dataset holds; nil for a new one.
  ///   - layout: Where it is.
  ///   - job: The job as the manifest will have it.
  init(merging stored: StoredDataset?, _ layout: DatasetLayout, job: [String]) {
    self.layout = layout
    self.stored = stored ?? StoredDataset(layout, Manifest())
    (replaced, retention, self.job, parts) = (nil, nil, job, [])
    isNew = stored == nil
  }

  /// Reads the manifest, and checks that the dataset is the job's.
  ///
  /// - Throws: `RunError.jobChanged`, `smallerSelection`, `cutOut` or `otherShard`; `DatasetError`.
  init(_ job: Job, _ layout: DatasetLayout) throws {
    self.layout = layout
    let found = try job.rebuild ? Baseline.remains(layout, job) : Baseline.dataset(layout)
    let isRebuild = job.isRebuild
    let kept = isRebuild ? nil : found
    stored = kept ?? StoredDataset(layout, Manifest())
    replaced = isRebuild ? found : nil
    self.isNew = found == nil
    if let found, !isRebuild, found.manifest.parts.contains(where: { $0.kind == .split }) {
      throw RunError.cutOut(layout.root)
    }
    let fingerprint = JobFingerprint(job)
    self.job = fingerprint.lines
    if let part = job.shard.map({
      DatasetPart(
        shard: $0.number, of: $0.count, keys: fingerprint.lines,
        inputs: job.inputs.map { $0.source(isFolder: true).path })
    }) {
      guard found.map({ isRebuild || $0.manifest.parts == [part] }) ?? true else {
        throw RunError.otherShard(layout.root)
      }
      parts = [part]
    } else {
      parts = []
    }
    var retention: Retention?
    if let found, !isRebuild {
      let changes = JobFingerprint(lines: found.manifest.job).changes(to: fingerprint)
      if job.allowLoss { retention = changes.raisedStart.map { Retention(from: $0) } }
      guard changes.isEmpty || retention != nil else {
        throw RunError.jobChanged(layout.root, changes)
      }
    }
    self.retention = retention
    if let replaced, replaced.manifest.holdsRecords {
      try checkSelection(job, fingerprint, replaced.manifest)
    }
  }

  /// The dataset as the last commit left it; nil for a new one.
  ///
  /// - Throws: `DatasetError.changedFromOutside` when only its manifest is gone.
  static func dataset(_ layout: DatasetLayout) throws -> StoredDataset? {
    if try FileSystem.isThere(layout.manifest) { return try StoredDataset(layout) }
    guard try layout.hasTree() else { return nil }
    throw DatasetError.missing(layout.manifest)
  }

  /// The dataset that a rebuild replaces, whatever is left of it.
  private static func remains(_ layout: DatasetLayout, _ job: Job) throws -> StoredDataset? {
    do {
      let found = try dataset(layout)
      // Without its lists nobody knows which files are the dataset's.
      try found?.checkLists()
      return found
    } catch DatasetError.otherVersion(let path, let version) where version > Manifest.version {
      throw DatasetError.otherVersion(path, version)
    } catch is DatasetError {
      let store = try OutputPlan(job.outputs).store
      return try StoredDataset.scanned(layout, store: store.name, keys: store.keys)
    }
  }

  /// Refuses a rebuild that flags, which are easily left over from another command, make narrower.
  private func checkSelection(
    _ job: Job, _ fingerprint: JobFingerprint, _ replaced: Manifest
  ) throws {
    if job.shard != nil || job.filesFrom != nil { throw RunError.partOfInputs(layout.root) }
    if job.selectingFlags.isEmpty { return }
    let changes = JobFingerprint(lines: replaced.job).changes(to: fingerprint).filter {
      $0.key.hasPrefix("select.") || $0.key == "families"
    }
    guard changes.isEmpty else {
      throw RunError.smallerSelection(job.selectingFlags, layout.root, changes)
    }
  }
}
