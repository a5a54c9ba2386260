public import Bytes
public import CloudTrail

/// What is often a part of rows that are sorted as bytes.
extension ByteBuffer {
  /// Appends an identity, so that rows order as identities do.
  public mutating func append(row identity: RecordIdentity) {
    append(bigEndian: identity.high)
    append(bigEndian: identity.low)
  }

  /// Appends a day, so that rows order as days do.
  public mutating func append(row day: Day) {
    append(bigEndian: UInt32(bitPattern: day.daysSince1970) ^ 1 << 31)
  }

  /// Appends a family, by its place among all.
  public mutating func append(row family: Family) {
    append(UInt8(Family.allCases.firstIndex(of: family) ?? 0))
  }
}

extension RowReader {
  /// Reads an identity.
  public mutating func identity() -> RecordIdentity {
    let high = number(UInt64.self)
    return RecordIdentity(high: high, low: number())
  }

  /// Reads a day.
  public mutating func day() -> Day {
    Day(daysSince1970: Int32(bitPattern: number(UInt32.self) ^ 1 << 31))
  }

  /// Reads a family.
  public mutating func family() -> Family { Family.allCases[Int(number(UInt8.self))] }
}
