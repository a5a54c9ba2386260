public import Bytes
import CloudTrail
import Reading
import Synchronization
public import Validation

/// The numbers of a run, as the report shows them.
public struct RunCounts: Sendable, Equatable {
  public struct Files: Sendable, Equatable {
    public var found = 0
    public var read = 0
    public var alreadyRead = 0
    /// By the name of why.
    public var skipped: [String: Int] = [:]
    public var failed = 0

    /// Whether every file found is in exactly one class.
    public var isBalanced: Bool {
      found == read + alreadyRead + skipped.values.reduce(0, +) + failed
    }
  }

  public struct Records: Sendable, Equatable {
    public var input = 0
    public var written = 0
    public var duplicates = 0
    public var conflicts = 0
    public var filtered = 0
    public var rejected = 0
    /// Stored records that lost to a new text and moved to the conflicts.
    public var replaced = 0

    /// Whether every record read in this run has exactly one fate.
    public var isBalanced: Bool {
      input == written + duplicates + conflicts + filtered + rejected
    }
  }

  public struct ByteCounts: Sendable, Equatable {
    /// Read from the inputs, as stored.
    public var stored = 0
    /// The same, inflated.
    public var inflated = 0
    /// Written to the dataset.
    public var written = 0
  }

  public var files = Files()
  public var records = Records()
  public var bytes = ByteCounts()
  /// Records left out, by the text of the rule.
  public var filteredBy: [String: Int] = [:]
  /// Cells of spreadsheets that were altered, by kind.
  public var alteredCells: [String: Int] = [:]
  /// Records read in this run that strict JSON readers refuse.
  public var strictReadersRefuse = StrictReadersRefuse()
}

/// Records that were taken as they are and that strict JSON readers refuse.
public struct StrictReadersRefuse: Sendable, Equatable {
  /// One of the records: where it is from.
  public struct Example: Sendable, Equatable {
    /// As the record has it, escapes and all; empty if it has none.
    public var eventID: [UInt8]
    public var source: Path
    /// Its place in that file, from 0.
    public var index: Int
  }

  public private(set) var recordCount = 0
  public private(set) var loneSurrogateCount = 0
  public private(set) var invalidUTF8Count = 0
  /// The first that were read, by source and index.
  public private(set) var examples: [Example] = []

  /// Adds what one file holds.
  mutating func add(_ flaws: TextFlaws, of source: Path) {
    guard flaws.recordCount > 0 else { return }
    recordCount += flaws.recordCount
    loneSurrogateCount += flaws.loneSurrogateCount
    invalidUTF8Count += flaws.invalidUTF8Count
    examples += flaws.examples.map {
      Example(eventID: $0.eventID, source: source, index: $0.index)
    }
    examples.sort { $0.source == $1.source ? $0.index < $1.index : $0.source < $1.source }
    examples.removeLast(max(0, examples.count - TextFlaws.exampleLimit))
  }
}

/// What is known of a run while it goes on, for progress.
public struct RunProgress: Sendable {
  public enum Stage: String, Sendable {
    case discovering = "looking for files"
    case reading = "reading"
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
  /// Digests and log files that a validation looks at, as far as it knows.
  public var checkCount = 0
  public var checksDone = 0
  /// When the stage began, in steady seconds.
  public var stageStart = Clock.steadySeconds
}

/// Counters that all workers add to, once a unit of files.
public final class ProgressMeter: Sendable {
  private let state = Mutex(RunProgress())

  public init() {}

  public var current: RunProgress { state.withLock { $0 } }

  public func enter(_ stage: RunProgress.Stage) {
    state.withLock {
      $0.stage = stage
      $0.stageStart = Clock.steadySeconds
    }
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

  func note(_ outcomes: [FileOutcome]) {
    state.withLock {
      $0.filesDone += outcomes.count
      for outcome in outcomes {
        $0.storedBytesDone += outcome.storedByteCount
        $0.inflatedByteCount += outcome.inflatedByteCount
        $0.recordCount += outcome.recordCount
      }
    }
  }
}
