public import Bytes
public import CloudTrail
public import Dataset
public import JobFiles

/// What the ledger says of the files that were delivered.
public struct Deliveries: Sendable {
  /// Where a file belongs.
  public struct Place: Hashable, Sendable {
    public var accountRegion: AccountRegion
    /// The day it was delivered.
    public var day: Day
  }

  /// What came from one trail: the folders of a mirror that one trail writes.
  public struct Trail: Sendable, Equatable {
    public var fileCount = 0
    /// Records delivered, copies of other trails' among them.
    public var recordCount = 0
    /// Records of the dataset that name a file of this trail; nil when nobody counted.
    public var keptCount: Int?
  }

  /// Files of which records were taken that are of the selected days, and their bytes as stored.
  public private(set) var fileCount = 0
  public private(set) var byteCount = 0
  public private(set) var files: [Place: Int] = [:]
  /// When the events of each file that has some happened.
  public private(set) var extents: [AccountRegion: [ClosedRange<EventTime>]] = [:]
  /// From when to when the trail of each organization, or for nil the account's own, delivered.
  public private(set) var trailDays: [AccountRegion: [String?: ClosedRange<Day>]] = [:]
  /// By the trail's folder: `mirror/AWSLogs/o-ab12cd34ef`.
  public var trails: [Path: Trail] = [:]
  /// Files that could not be read, in whole or in part, by path.
  public private(set) var failures: [LedgerEntry] = []

  private let selected: SelectedDays

  /// Files of no other than these days count.
  public init(of selected: SelectedDays = SelectedDays()) {
    self.selected = selected
  }

  /// Reads the whole ledger.
  public init(_ dataset: StoredDataset, of selected: SelectedDays) throws {
    self.init(of: selected)
    let ledger = Ledger(dataset)
    for slot in ledger.slots {
      for entry in try ledger.entries(slot).values { add(entry, day: slot.day) }
    }
    failures.sort { $0.path < $1.path }
  }

  /// Counts one file.
  ///
  /// - Parameters:
  ///   - entry: What the ledger says of it.
  ///   - day: The day it was delivered; nil if its path does not say.
  public mutating func add(_ entry: LedgerEntry, day: Day?) {
    if entry.outcome == .otherFileType || isLeftOut(entry, day) { return }
    if entry.firstTime != nil, entry.recordCount > entry.filteredCount {
      fileCount += 1
      byteCount = byteCount.addingClamped(entry.byteCount)
    }
    let trail = Deliveries.trail(of: entry.path)
    trails[trail, default: Trail()].fileCount += 1
    trails[trail, default: Trail()].recordCount += entry.recordCount
    if entry.isTriedAgain || entry.outcome == .trailingData { failures.append(entry) }
    guard entry.outcome != .noRecord, let account = entry.account, let region = entry.region else {
      return
    }
    let accountRegion = AccountRegion(
      family: Deliveries.family(of: entry.path), account: account, region: region)
    if let day {
      files[Place(accountRegion: accountRegion, day: day), default: 0] += 1
      note(day, TrailKey(entry.path).organization, accountRegion)
    }
    if let first = entry.firstTime, let last = entry.lastTime, first <= last {
      extents[accountRegion, default: []].append(first...last)
    }
  }

  /// Whether all of a file is of other than the selected days: of the ledger it does not leave.
  private func isLeftOut(_ entry: LedgerEntry, _ day: Day?) -> Bool {
    if let last = entry.lastTime, !selected.mayContainEvents(upTo: last) { return true }
    return day.map { !selected.containsDelivery(on: $0) } ?? false
  }

  private mutating func note(_ day: Day, _ organization: String?, _ place: AccountRegion) {
    let days = trailDays[place, default: [:]][organization] ?? day...day
    trailDays[place, default: [:]][organization] =
      min(days.lowerBound, day)...max(days.upperBound, day)
  }

  /// The folder that one trail writes to: up to `AWSLogs`, with the organization that follows it.
  ///
  /// Of other files it is the input.
  public static func trail(of path: Path) -> Path {
    if let trail = TrailRoot.trail(of: path) { return trail }
    guard let slash = path.bytes.firstIndex(of: ASCII.slash) else { return "." }
    return slash == 0 ? "/" : Path(bytes: Array(path.bytes[..<slash]))
  }

  /// The family of a log file by its name, else by its innermost folder that says it.
  static func family(of path: Path) -> Family {
    TrailService.claimed(byFileName: path.lastComponent[...])?.family
      ?? TrailService.claimed(byFolder: path.parent)?.family ?? .events
  }
}
