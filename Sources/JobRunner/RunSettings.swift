import Bytes

/// What a run is given beside the job.
public struct RunSettings: Sendable {
  /// Whether the commit waits for the disk.
  ///
  /// Off only for measurements: a power cut may then lose the run.
  public var syncs = true
  /// Whether a merge only prepares its commit: the outputs' files of the datasets need not be here, those
  /// that are taken over are named in the journal, and the next run switches over.
  public var onlyPrepares = false
  /// Whether a merge only finds out what it would come to: nothing is committed, and what is staged is
  /// outside the dataset.
  var isDryRun = false
  /// Seconds since 1970, for reports.
  public var now: Int64 = Clock.secondsSince1970

  public init() {}
}
