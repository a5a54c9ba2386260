import Bytes
import CloudTrail
import Dataset
import JobFiles
import Writing

/// A repair: the journal, then the root, then the lists, then what else describes the dataset, then the outputs.
///
/// Each step is a commit of its own and builds on what the one before has mended; what a repair that
/// died leaves, the next goes on with. After each, everything is checked again.
struct DatasetRepair {
  private let layout: DatasetLayout
  private let formats: [any OutputFormat]
  private let log: DetailLog

  init(_ layout: DatasetLayout, _ formats: [any OutputFormat], _ log: DetailLog) {
    (self.layout, self.formats, self.log) = (layout, formats, log)
  }

  /// Mends what can be.
  ///
  /// - Parameters:
  ///   - workers: Spread the files over threads.
  ///   - job: The job that made the dataset, as the user says.
  /// - Returns: What is mended, what is still wrong, and once what was lost or nobody can tell.
  /// - Throws: What a commit throws; `Stopped`.
  func run(
    _ workers: some ParallelMapping, job: JobFingerprint?
  ) throws -> VerificationReport {
    try layout.checkLinks()
    var told: [VerificationReport.Problem] = []
    var repaired: [Path] = []
    do {
      try Commit.recover(layout)
    } catch  where JournalRepair.concerns(error, layout) {
      told.append(try JournalRepair(layout).run())
      log.note("ended the commit of a journal that could not be followed")
    }
    if try isWithoutRoot() {
      told += try RootRepair(layout, formats: formats).run(job)
      repaired.append(DatasetFile.manifest.path)
      log.note("made the root again")
    }
    var verification = try verification()
    let committed = verification.dataset.manifest
    var report = try verification.run(workers)
    func checkAgain() throws {
      verification = try self.verification()
      report = try verification.run(workers)
    }
    let periods = try ListRepair(
      verification.dataset, store: verification.outputs.all[0]
    ).run(report.problems)
    if !periods.isEmpty { try checkAgain() }
    let treeRepair = TreeRepair(verification.dataset, verification.outputs)
    if let mended = try treeRepair.run(report.problems) {
      told += mended.aside
      repaired += mended.repaired
      try checkAgain()
    }
    try PartitionRepair(verification.dataset, verification.outputs)
      .run(&report, alsoOf: Set(periods), workers)
    repaired += report.repaired
    if !periods.isEmpty {
      try checkAgain()
      repaired += periods.map { DatasetFile.partitions($0).path }
      told += changed(periods, committed)
    }
    report.problems = report.problems.map(lasting) + told
    report.repaired = Set(repaired).sorted()
    return report
  }

  private func verification() throws -> Verification {
    try Verification(layout, formats: formats, log: log)
  }

  /// Whether the root is damaged or gone; one of another version is whole.
  private func isWithoutRoot() throws -> Bool {
    do {
      _ = try Manifest(of: layout)
      return false
    } catch DatasetError.damaged, DatasetError.absent {
      return true
    }
  }

  /// The lists that were made again and are not those that were committed.
  private func changed(
    _ periods: [Period], _ committed: Manifest
  ) -> [VerificationReport.Problem] {
    let new = (try? Manifest(of: layout))?.files ?? [:]
    return periods.map { DatasetFile.partitions($0).path }
      .filter { new[$0] != committed.files[$0] }.map { path in
        .init(
          path: path,
          what: "was made again and is not what was committed: a file that it names has changed "
            + "too, or is missing", remedy: .nothing)
      }
  }

  /// A problem that is left after all that a repair can do.
  private func lasting(_ problem: VerificationReport.Problem) -> VerificationReport.Problem {
    guard case .partitions? = DatasetFile(path: problem.path), problem.remedy == .repair else {
      return problem
    }
    return .init(path: problem.path, what: problem.what, remedy: .rebuild)
  }
}
