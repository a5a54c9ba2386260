public import Bytes
public import CloudTrail

/// What became of one file that was read.
public struct FileOutcome: Sendable {
  /// The hash of the file as stored; nil if it failed or was not read to its end.
  public var hash: SHA256Digest?
  /// The hash of the inflated bytes, likewise; only when asked for.
  public var contentHash: SHA256Digest?
  /// Bytes read, as stored; of a file that is not gzip data those before the error.
  public var storedByteCount = 0
  public var inflatedByteCount = 0
  /// Every element where a record is expected.
  public var recordCount = 0
  public var rejectedCount = 0
  /// Records left out by the selection, by the number of the reason in `RecordFilter.reasons`; as
  /// short as possible, so empty when none is.
  public var filteredCounts: [Int] = []
  /// The earliest event that was left out only for now, because the end of the selection goes on with
  /// the time.
  public var firstPostponedTime: EventTime?
  public var firstTime: EventTime?
  public var lastTime: EventTime?
  /// Why the file failed; with salvage its whole records before the damage are taken all the same.
  public var error: ReadError?
  /// Whether anything follows the data that was read.
  public var hasTrailingData = false
  /// Why the file counts as skipped, once it has been looked into.
  public var skip: Skip?

  /// What a file is that was looked into and is no log.
  public enum Skip: String, Sendable {
    /// JSON, but no object in it was a CloudTrail record.
    case noRecord = "no record"
    /// Not even JSON, and its name does not promise any.
    case otherFileType = "other file type"
  }

  public init() {}

  /// The outcome of a file that could not be opened.
  init(failing error: ReadError) {
    self.error = error
  }

  /// Whether its records are taken.
  public var isTaken: Bool { skip == nil && (error == nil || recordCount > 0) }

  /// All records left out by the selection.
  public var filteredCount: Int { filteredCounts.reduce(0, +) }

  /// Notes that the file is no log; how much of it was read to find out does not count.
  mutating func skipAsOtherFileType() {
    skip = .otherFileType
    (storedByteCount, inflatedByteCount) = (0, 0)
  }

  /// Forgets the records of a file that is not taken.
  mutating func forgetRecords() {
    recordCount = 0
    rejectedCount = 0
    filteredCounts = []
    (firstTime, lastTime, firstPostponedTime) = (nil, nil, nil)
  }

  /// Notes an event that a later run will take.
  mutating func notePostponed(_ time: EventTime) {
    if firstPostponedTime.map({ time < $0 }) ?? true { firstPostponedTime = time }
  }

  mutating func note(_ reason: FilterReason) {
    let number = reason.number
    while filteredCounts.count <= number { filteredCounts.append(0) }
    filteredCounts[number] += 1
  }

  mutating func note(_ time: EventTime) {
    if firstTime.map({ time < $0 }) ?? true { firstTime = time }
    if lastTime.map({ $0 < time }) ?? true { lastTime = time }
  }
}
