public import Bytes
public import CloudTrail
import Segments

/// Where what is known of an input file is kept: by the day of its delivery, which a night adds few of.
///
/// Files whose path has no date are spread by their folders, so that a night of exports rewrites what
/// is known of its own folder, and not of all.
public enum DeliverySlot: Hashable, Sendable {
  case day(Day)
  /// The first byte of the SHA-256 of the folder's path.
  case undated(UInt8)

  /// The slot of a file.
  ///
  /// - Parameters:
  ///   - day: When it was delivered; nil if its path does not say.
  ///   - source: The name of its input and the path below that.
  public init(day: Day?, source: Path) {
    self =
      day.map { .day($0) }
      ?? .undated(UInt8(SHA256Digest(of: source.parent.bytes.span).words.0 >> 56))
  }

  /// The day; nil for files without one.
  public var day: Day? {
    if case .day(let day) = self { day } else { nil }
  }

  private static let undatedStart = "undated-"

  /// `2026-11-19`, or `undated-` and two hexadecimal digits.
  public var text: String {
    switch self {
    case .day(let day): return day.description
    case .undated(let number):
      var digits = ByteBuffer(capacity: 2)
      JSONText.appendHex(number, to: &digits)
      return DeliverySlot.undatedStart + digits.bytes.text()
    }
  }

  /// Reads what `text` gives; nil for every other text.
  public init?(_ text: some StringProtocol) {
    if let day = Day(text) {
      self = .day(day)
    } else if text.hasPrefix(DeliverySlot.undatedStart),
      let number = UInt8(text.dropFirst(DeliverySlot.undatedStart.count), radix: 16)
    {
      self = .undated(number)
    } else {
      return nil
    }
    guard self.text == text else { return nil }
  }
}

/// Days first, in their order.
extension DeliverySlot: Comparable {
  public static func < (left: DeliverySlot, right: DeliverySlot) -> Bool {
    switch (left, right) {
    case (.day(let left), .day(let right)): left < right
    case (.undated(let left), .undated(let right)): left < right
    case (.day, .undated): true
    case (.undated, .day): false
    }
  }
}

// MARK: - Rows

extension DeliverySlot {
  /// Appends what puts slots in their order.
  public func appendOrder(to row: inout ByteBuffer) {
    switch self {
    case .day(let day):
      row.append(0)
      row.append(row: day)
    case .undated(let number):
      row.append(1)
      row.append(number)
    }
  }

  /// Reads what `appendOrder(to:)` wrote.
  public init(_ row: inout RowReader) {
    if row.byte() == 0 {
      self = .day(row.day())
    } else {
      self = .undated(row.byte())
    }
  }
}
