import Bytes

/// What a run is given beside the job.
public struct RunSettings: Sendable {
  /// Whether the commit waits for the disk.
  ///
  /// Off only for measurements: a power cut may then lose the run.
  public var syncs = true
  /// Seconds since 1970, for reports.
  public var now: Int64 = Clock.secondsSince1970

  public init() {}
}
