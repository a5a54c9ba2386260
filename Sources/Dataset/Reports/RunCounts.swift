/// The numbers of a run, as the report shows them.
public struct RunCounts: Sendable, Equatable {
  public struct Files: Sendable, Equatable {
    public var found = 0
    public var read = 0
    public var alreadyRead = 0
    /// By reason.
    public var skipped: [String: Int] = [:]
    public var failed = 0

    public init() {}
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
    /// Stored records that a rebuild leaves out, because no input file holds them any more.
    public var dropped = 0
  }

  public struct ByteCounts: Sendable, Equatable {
    /// Read from the inputs, as stored.
    public var stored = 0
    /// The same, inflated.
    public var inflated = 0
    /// Written to the dataset.
    public var written = 0
    /// Of these, what is in a hidden store.
    public var store = 0
  }

  public var files = Files()
  public var records = Records()
  public var bytes = ByteCounts()
  /// Records left out, by the text of the rule.
  public var filteredBy: [String: Int] = [:]
  /// Cells of spreadsheets that were altered, by kind.
  public var alteredCells: [String: Int] = [:]
  /// Stored records that strict JSON readers refuse, of this run or an earlier one.
  public var strictReadersRefuse = StrictReadersRefuse()

  public init() {}

  /// Adds what another part of a run came to.
  public static func += (left: inout RunCounts, right: RunCounts) {
    left.files += right.files
    left.records += right.records
    left.bytes += right.bytes
    left.filteredBy.merge(right.filteredBy, uniquingKeysWith: +)
    left.alteredCells.merge(right.alteredCells, uniquingKeysWith: +)
  }
}

extension RunCounts.Files {
  public static func += (left: inout RunCounts.Files, right: RunCounts.Files) {
    left.found += right.found
    left.read += right.read
    left.alreadyRead += right.alreadyRead
    left.skipped.merge(right.skipped, uniquingKeysWith: +)
    left.failed += right.failed
  }
}

extension RunCounts.Records {
  public static func += (left: inout RunCounts.Records, right: RunCounts.Records) {
    for (_, count) in names { left[keyPath: count] += right[keyPath: count] }
  }
}

extension RunCounts.ByteCounts {
  public static func += (left: inout RunCounts.ByteCounts, right: RunCounts.ByteCounts) {
    left.stored += right.stored
    left.inflated += right.inflated
    left.written += right.written
    left.store += right.store
  }
}
