public import Bytes
import CloudTrail
import Dataset
import Synchronization
public import Validation

/// What is known of a run while it goes on, for progress.
public struct RunProgress: Sendable {
  public enum Stage: String, Sendable {
    case discovering = "looking for files"
    case reading = "reading"
    case merging = "merging"
    case validating = "validating"
    case writing = "writing"
    case committing = "committing"
  }

  public var stage = Stage.discovering
  public var fileCount = 0
  public var filesDone = 0
  public var storedByteCount = 0
  public var storedBytesDone = 0
  public var inflatedByteCount = 0
  public var recordCount = 0
  /// Records of the datasets that are merged, and those whose cells are done.
  public var recordsToMerge = 0
  public var recordsMerged = 0
  /// Digests and log files that a validation looks at, as far as it knows.
  public var checkCount = 0
  public var checksDone = 0
  /// When the stage began, in steady seconds.
  public var stageStart = Clock.steadySeconds
}

/// Counters that all workers add to, once a unit of files.
public final class ProgressMeter: Sendable {
  private let state = Mutex(RunProgress())
  /// Hears what the run does, and how long each stage took.
  let log: DetailLog

  public init(log: DetailLog = .off) {
    self.log = log
  }

  public var current: RunProgress { state.withLock { $0 } }

  public func enter(_ stage: RunProgress.Stage) {
    noteTime()
    state.withLock {
      $0.stage = stage
      $0.stageStart = Clock.steadySeconds
    }
  }

  /// Says how long the stage took that ends now.
  func noteTime() {
    let left = current
    log.note("\(left.stage.rawValue): \(decimal(Clock.steadySeconds - left.stageStart)) s")
  }

  /// Counts a step of a validation.
  public func note(_ step: ValidationStep) {
    state.withLock {
      switch step {
      case .expected(let count): $0.checkCount += count
      case .checked(let count): $0.checksDone += count
      }
    }
  }

  func expect(fileCount: Int, storedByteCount: Int) {
    state.withLock {
      $0.fileCount = fileCount
      $0.storedByteCount = storedByteCount
    }
  }

  /// Counts records of datasets that are to be merged.
  func expect(recordsToMerge count: Int) { state.withLock { $0.recordsToMerge += count } }

  /// Counts records whose cell is merged.
  func note(recordsMerged count: Int) { state.withLock { $0.recordsMerged += count } }

  /// Counts what was read.
  func note(_ tally: ReadingTally) {
    let counts = tally.counts
    state.withLock {
      $0.filesDone += counts.files.read + counts.files.failed
      $0.filesDone += counts.files.skipped.values.reduce(0, +)
      $0.storedBytesDone += counts.bytes.stored
      $0.inflatedByteCount += counts.bytes.inflated
      $0.recordCount += counts.records.input
    }
  }
}
