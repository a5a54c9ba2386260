import Bytes
import Dataset
import JobFiles

/// What the dataset holds before a run, and what of it the run keeps.
struct Baseline: Sendable {
  let layout: DatasetLayout
  /// What the dataset holds and keeps; empty when it is made again.
  private(set) var manifest: Manifest
  /// What is removed at the commit unless it is written again: all of a dataset made again.
  let replaced: Manifest?

  /// Reads the manifest, and checks that the dataset is the job's and has all its files.
  ///
  /// - Throws: `RunError.jobChanged` or `smallerSelection`; `DatasetError`.
  init(_ job: Job, _ layout: DatasetLayout) throws {
    self.layout = layout
    let isNew = job.startsAnew
    let stored = try Baseline.manifest(layout, acceptsOlder: isNew)
    manifest = isNew ? Manifest() : stored ?? Manifest()
    replaced = isNew ? stored : nil
    let fingerprint = JobFingerprint(job)
    if let stored, !isNew {
      let changes = JobFingerprint(lines: stored.job).changes(to: fingerprint)
      guard changes.isEmpty else { throw RunError.jobChanged(layout.root, changes) }
    }
    if let replaced, replaced.holdsRecords { try checkSelection(job, fingerprint, replaced) }
    if !isNew { try checkParts() }
    manifest.job = fingerprint.lines
  }

  /// The manifest of the last commit; nil for a new dataset.
  static func manifest(
    _ layout: DatasetLayout, acceptsOlder: Bool = false
  ) throws -> Manifest? {
    guard try FileSystem.isThere(layout.manifest) else { return nil }
    return try Manifest(
      json: try FileSystem.contents(of: layout.manifest), path: layout.manifest,
      acceptsOlder: acceptsOlder)
  }

  /// Refuses a rebuild that flags, which are easily left over from another command, make narrower.
  private func checkSelection(
    _ job: Job, _ fingerprint: JobFingerprint, _ replaced: Manifest
  ) throws {
    if job.selectingFlags.isEmpty { return }
    let changes = JobFingerprint(lines: replaced.job).changes(to: fingerprint).filter {
      $0.key.hasPrefix("select.") || $0.key == "families"
    }
    guard changes.isEmpty else {
      throw RunError.smallerSelection(job.selectingFlags, layout.root, changes)
    }
  }

  /// Checks that every file of the last commit is there in its size; its bytes are checked when
  /// they are read.
  ///
  /// - Throws: `DatasetError.changedFromOutside` for the first that is not.
  /// - Complexity: one status call a file of the dataset.
  private func checkParts() throws {
    for folder in manifest.partitions.keys.sorted() {
      for part in manifest.partitions[folder] ?? [] {
        let path = layout.root.appending(folder).appending(part.name)
        let status: FileStatus
        do throws(FileError) {
          status = try FileSystem.status(path)
        } catch {
          guard error.isNotFound else { throw error }
          throw DatasetError.changedFromOutside(path, "is gone")
        }
        guard status.byteCount == part.byteCount else {
          throw DatasetError.changedFromOutside(
            path, "has \(status.byteCount) bytes, \(part.byteCount) were committed")
        }
      }
    }
  }
}
