import Bytes
import CloudTrail
import Dataset
import JobFiles
import Writing

/// Makes the root again from the files that it named.
///
/// Files that cannot be understood are put aside. What the root alone knew, the keys of the job, comes
/// from what is left of it, from the report of a run, or from the user. If the checksum that is left of
/// the old root is that of the new one, nothing has changed.
struct RootRepair {
  /// What the root says of the job.
  private struct Keys {
    var lines: [String]
    var outputs: [PlannedOutput]
    var store: PlannedOutput
    var storeCompression: StoreCompression
  }

  private let layout: DatasetLayout
  private let formats: [any OutputFormat]
  /// What is left of the root; empty for nothing.
  private let remains: [UInt8]

  init(_ layout: DatasetLayout, formats: [any OutputFormat]) throws {
    (self.layout, self.formats) = (layout, formats)
    remains = (try? layout.rootBytes()) ?? []
  }

  /// Makes the root again.
  ///
  /// `job`: The keys as the user has them; nil to take them from elsewhere.
  ///
  /// - Returns: What was put aside, and what nobody can tell; nothing when the root is surely the one
  ///   that was committed.
  /// - Throws: `DatasetError.unknownJob` when nobody knows the job; what the commit throws; `Stopped`.
  func run(_ job: JobFingerprint?) throws -> [VerificationReport.Problem] {
    let files = try TreeFiles(layout)
    let old = try? JSONObject(remains.span)
    let own = (old?.strings("job") ?? []).map { $0.span.text() }
    let encoder = old?.string("encoder") ?? GzipDeflater.name
    let reported = try RunHistory(layout, limit: RootRepair.reportLimit).runs
      .first { $0.isCommitted && !$0.keys.isEmpty }?.keys
    for (source, lines) in [own, reported, job?.lines].enumerated() where files.damaged.isEmpty {
      guard let keys = keys(lines ?? []) else { continue }
      let (commit, manifest) = try update(files, keys, encoder).finish()
      if isRoot(manifest, withOtherKeys: source > 0) {
        try commit.run(syncs: true)
        return []
      }
    }
    let believed = [job?.lines, reported].compactMap { $0 }.compactMap { keys($0) }.first
    guard let believed else { throw DatasetError.unknownJob(layout.manifest) }
    return try commit(files, believed, encoder)
  }

  /// How many reports are looked through for one of a commit.
  private static let reportLimit = 100

  /// Of a file that no list can be.
  private static let unknownHash = FileHash(byteCount: 0, sha256: SHA256Digest(words: (0, 0, 0, 0)))

  /// What lines of a job say; nil if they are none.
  private func keys(_ lines: [String]) -> Keys? {
    let fingerprint = JobFingerprint(lines: lines)
    guard !lines.isEmpty, let outputs = try? fingerprint.outputs(among: formats),
      let plan = try? plan(outputs)
    else { return nil }
    return Keys(
      lines: lines, outputs: plan.byCell + plan.gathered, store: plan.store,
      storeCompression: plan.storeCompression)
  }

  /// The plan of the outputs; how a store is written that is none of them, its files tell.
  private func plan(_ outputs: [OutputSpecification]) throws -> OutputPlan {
    let plan = try OutputPlan(outputs)
    let nothing = StoredDataset(layout, Manifest())
    let hasPlainStore =
      try plan.storeCompression != .none
      && StoreScan(nothing, store: plan.store).isCompressed() == false
    return hasPlainStore ? try OutputPlan(outputs, hiddenStore: .none) : plan
  }

  /// The tree that the files make up.
  private func update(
    _ files: TreeFiles, _ keys: Keys, _ encoder: String
  ) throws -> TreeUpdate {
    let dataset = StoredDataset(layout, files)
    var update = TreeUpdate(StoredDataset(layout, Manifest()))
    update.describe { manifest in
      (manifest.job, manifest.encoder) = (keys.lines, encoder)
      (manifest.store, manifest.storeKeys) = (keys.store.name, keys.store.keys)
      manifest.storeCompression = keys.storeCompression
      manifest.files = files.hashes
      manifest.totals.conflictCount = files.conflictCount
      manifest.totals.rejectedCount = files.rejectedCount
    }
    for period in try missingPeriods(dataset, keys) {
      // Lists that are gone are made again later, as all are that do not have these bytes.
      update.describe { $0.files[DatasetFile.partitions(period).path] = RootRepair.unknownHash }
    }
    for period in files.periods { try update.adopt(dataset.list(period), of: period) }
    return update
  }

  /// The periods of what the store holds that have no list.
  private func missingPeriods(_ dataset: StoredDataset, _ keys: Keys) throws -> Set<Period> {
    let cells = try StoreScan(dataset, store: keys.store).cells
    let periods = keys.outputs.map { output in
      Set(cells.map { Period(folder: output.folder(of: $0)) })
    }
    return Set(periods.joined()).filter {
      dataset.manifest.files[DatasetFile.partitions($0).path] == nil
    }
  }

  /// Whether a manifest is the one that was committed: what is left of that has its checksum, or all of
  /// its text.
  ///
  /// `isIndependent`: Whether the keys come from elsewhere, so that the text says something of them.
  private func isRoot(_ manifest: Manifest, withOtherKeys isIndependent: Bool) -> Bool {
    let text = manifest.json()
    guard let seal = text.lastIndex(of: ASCII.comma) else { return false }
    return remains.suffix(text.count - seal).elementsEqual(text[seal...])
      || isIndependent && remains.starts(with: text[..<seal])
  }

  /// Commits a root of which nobody knows whether it is the one that was there.
  private func commit(
    _ files: TreeFiles, _ keys: Keys, _ encoder: String
  ) throws -> [VerificationReport.Problem] {
    var update = try update(files, keys, encoder)
    var problems = try update.putAside(files.damaged)
    let aside = try update.putAside(.manifest, as: "was damaged")
    problems.append(
      .init(
        path: DatasetFile.manifest.path,
        what: "\(aside): it was made again from the files that are there, and nobody can tell "
          + "whether one is missing or older than the rest", remedy: .nothing))
    try update.finish().commit.run(syncs: true)
    return problems
  }
}

extension StoredDataset {
  fileprivate convenience init(_ layout: DatasetLayout, _ files: TreeFiles) {
    var manifest = Manifest()
    manifest.files = files.hashes
    self.init(layout, manifest)
  }
}
