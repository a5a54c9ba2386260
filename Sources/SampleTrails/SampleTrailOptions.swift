/// What a made-up tree is like.
///
/// The same options always give the same bytes.
public struct SampleTrailOptions: Equatable, Sendable {
  /// Distinct events in whole log files, each counted once however often it is delivered.
  public var events = 5_000
  /// Accounts; the first one's id begins with 0.
  public var accounts = 3
  /// Regions, at most `SampleTrailOptions.regionNames.count`; the first ones are the busiest.
  public var regions = 2
  /// Days with events, from `firstDay` on.
  public var days = 3
  /// `YYYY-MM-DD`.
  public var firstDay = "2026-11-01"
  public var seed: UInt64 = 1
  /// Another number makes other events of the same accounts; nil for `seed`.
  public var eventSeed: UInt64?
  /// The share of events (0 to 1) that the organization's trail delivers again, byte-identical.
  public var duplicateShare = 0.15
  /// The share of events (0 to 1) that are delivered 1 to 20 days late.
  public var lateShare = 0.002
  /// Extra records that carry the id of another record and other text.
  public var conflicts = 0
  /// Extra log files that are cut off; the records in them are nowhere else.
  public var damagedFiles = 0
  /// Whether the trails write digest files, with keys and signatures beside the tree.
  public var digests = true
  /// How many pairs of account and region have digests; the rest have validation switched off.
  public var accountRegionsWithDigests = Int.max
  /// Mean events in a log file.
  public var eventsPerFile = 62
  public var fileSizes = FileSizes.heavyTailed
  /// Whether some callers send spreadsheet formulas, terminal escapes and markup.
  public var hostile = false
  public var organizationID = "o-ab12cd34ef"

  /// How many events are in one file.
  public enum FileSizes: Equatable, Sendable {
    /// As in real life: the median is about 0.37 of the mean, the longest 13 times the mean.
    case heavyTailed
    /// The mean, every time.
    case equal
  }

  public init() {}

  public static let regionNames = [
    "us-east-1", "eu-central-1", "us-west-2", "ap-southeast-2", "eu-west-1", "sa-east-1",
    "ap-northeast-1", "ca-central-1", "us-gov-west-1", "cn-northwest-1",
  ]
}

// MARK: - Presets

extension SampleTrailOptions {
  /// A few accounts of an organization: many small files, a few long ones, 15 % duplicates.
  ///
  /// The tree grows in days, so that a partition keeps its size: 500,000 events are 12 days in about
  /// 9,000 files with about 760 MB of JSON.
  public static func realistic(events: Int) -> SampleTrailOptions {
    var options = SampleTrailOptions()
    options.events = events
    options.accounts = 12
    options.regions = 4
    options.days = max(3, events / 41_667)
    options.eventsPerFile = 75
    options.digests = false
    return options
  }

  /// `count` files of six events, about 8 kB of JSON each.
  public static func tinyFiles(count: Int) -> SampleTrailOptions {
    var options = SampleTrailOptions.plain
    options.eventsPerFile = 6
    options.events = count * options.eventsPerFile
    options.accounts = 4
    options.regions = 4
    options.days = 10
    return options
  }

  /// `count` files of about 50 MB of JSON each, the most that CloudTrail puts into one file.
  public static func bigFiles(count: Int) -> SampleTrailOptions {
    var options = SampleTrailOptions.plain
    options.eventsPerFile = 35_000
    options.events = count * options.eventsPerFile
    options.accounts = 1
    options.regions = 1
    return options
  }

  /// One delivery of every event, in equal files.
  private static var plain: SampleTrailOptions {
    var options = SampleTrailOptions()
    options.duplicateShare = 0
    options.lateShare = 0
    options.digests = false
    options.fileSizes = .equal
    return options
  }
}
