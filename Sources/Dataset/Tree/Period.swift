public import Bytes
public import CloudTrail

/// The stretch of time that a partition covers: partitions of one period are listed in one file.
///
/// That is the event day for nearly all; an output without `dt` has longer ones.
public struct Period: Hashable, Comparable, Sendable {
  /// `2026-11-19`, `2026-11`, `2026`, or `all`.
  public let text: String

  public init(_ day: Day) {
    text = day.description
  }

  /// The period of a partition.
  ///
  /// `folder`: Relative to the dataset.
  public init(folder: Path) {
    var found: [PartitionKey: Substring] = [:]
    for part in folder.description.split(separator: "/") {
      guard let equals = part.firstIndex(of: "="),
        let key = PartitionKey(rawValue: String(part[..<equals]))
      else { continue }
      found[key] = part[part.index(after: equals)...]
    }
    let value = found[.dt] ?? found[.month] ?? found[.year]
    text = value.flatMap { Period($0)?.text } ?? Period.all.text
  }

  /// The period of the partitions by `keys` that hold events of a day.
  public init(_ day: Day, by keys: [PartitionKey]) {
    let length = keys.contains(.dt) ? 10 : keys.contains(.month) ? 7 : keys.contains(.year) ? 4 : 0
    self = Period(day.description.prefix(length)) ?? .all
  }

  /// Reads what `text` gives; nil for every other text.
  public init?(_ text: some StringProtocol) {
    let isTime = text.utf8.enumerated().allSatisfy { place, byte in
      place == 4 || place == 7 ? byte == ASCII.hyphen : ASCII.digits.contains(byte)
    }
    guard isTime && [4, 7, 10].contains(text.utf8.count) || text == Period.all.text else {
      return nil
    }
    self.init(text: String(text))
  }

  private init(text: String) {
    self.text = text
  }

  /// The period of partitions by no time at all.
  public static let all = Period(text: "all")

  /// The event day; nil for a longer period.
  public var day: Day? { Day(text) }

  /// Whether partitions of the period can hold events of a day.
  public func contains(_ day: Day) -> Bool {
    self == .all || day.description.hasPrefix(text)
  }

  public static func < (left: Period, right: Period) -> Bool { left.text < right.text }
}
