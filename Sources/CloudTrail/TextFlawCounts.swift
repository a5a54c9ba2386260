import Bytes

/// Records that are JSON by RFC 8259 but that strict readers refuse, by what is wrong with them.
///
/// They are kept as they are. One such record keeps DuckDB, jq and others from reading its whole file.
public struct TextFlawCounts: Sendable, Equatable {
  /// Records with any flaw.
  public var recordCount = 0
  /// Records with an escape of half a surrogate pair, which is no character.
  public var loneSurrogateCount = 0
  /// Records with bytes that are not UTF-8.
  public var invalidUTF8Count = 0

  public init() {}

  /// Looks at a record, and counts it if it has a flaw.
  ///
  /// - Returns: Whether it has one.
  /// - Complexity: O(`record.count`).
  @discardableResult
  public mutating func note(_ record: Span<UInt8>) -> Bool {
    let hasLoneSurrogate = JSONText.hasLoneSurrogate(record)
    let isInvalid = !UTF8Text.isValid(record)
    guard hasLoneSurrogate || isInvalid else { return false }
    recordCount += 1
    if hasLoneSurrogate { loneSurrogateCount += 1 }
    if isInvalid { invalidUTF8Count += 1 }
    return true
  }

  /// Adds what a changed part of a dataset has now, and takes off what it had.
  public mutating func replace(_ old: TextFlawCounts, with new: TextFlawCounts) {
    recordCount = max(0, recordCount.addingClamped(new.recordCount - old.recordCount))
    loneSurrogateCount = max(
      0, loneSurrogateCount.addingClamped(new.loneSurrogateCount - old.loneSurrogateCount))
    invalidUTF8Count = max(
      0, invalidUTF8Count.addingClamped(new.invalidUTF8Count - old.invalidUTF8Count))
  }

  public static func += (left: inout TextFlawCounts, right: TextFlawCounts) {
    left.recordCount += right.recordCount
    left.loneSurrogateCount += right.loneSurrogateCount
    left.invalidUTF8Count += right.invalidUTF8Count
  }
}
