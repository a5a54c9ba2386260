import Bytes
import CloudTrail

/// Cutting cells to a spreadsheet's limit, visibly.
///
/// `…[cut, 7233 more characters: see eventID 1f0c…]` comes at the end of what is left; characters
/// are UTF-16 units, as the limit and Excel's own `LEN` count them. An eventID of more than 128 bytes
/// or with anything but visible ASCII in it is left out of the mark.
enum CSVCut {
  private static let longestID = 128

  /// Cuts valid UTF-8 that is over the limit, between two characters.
  ///
  /// - Returns: Whether it was.
  static func cut(
    _ text: inout ByteBuffer, eventID: FieldValue, of record: Span<UInt8>
  ) -> Bool {
    // No text has more UTF-16 units than UTF-8 bytes.
    guard text.count > CSVProfile.maximumCellUnits else { return false }
    let units = position(in: text.bytes, after: .max).units
    guard units > CSVProfile.maximumCellUnits else { return false }
    // The number of units cut has at most as many digits as the number of all.
    let widestMark = mark(units, eventID, of: record)
    // The ellipsis is one unit of three bytes; all else is ASCII.
    let kept = position(
      in: text.bytes, after: CSVProfile.maximumCellUnits - (widestMark.count - 2))
    text.truncate(to: kept.position)
    text.append(mark(units - kept.units, eventID, of: record).bytes)
    return true
  }

  /// The furthest boundary between characters that has at most `limit` UTF-16 units before it.
  private static func position(
    in text: Span<UInt8>, after limit: Int
  ) -> (position: Int, units: Int) {
    var position = 0
    var units = 0
    while position < text.count {
      let length = UTF8Text.sequence(text, at: position).length
      let more = length == 4 ? 2 : 1
      if units + more > limit { break }
      units += more
      position += length
    }
    return (position, units)
  }

  private static func mark(
    _ units: Int, _ eventID: FieldValue, of record: Span<UInt8>
  ) -> ByteBuffer {
    var mark = ByteBuffer()
    mark.append("…[cut, ")
    mark.append(decimal: units)
    mark.append(" more characters")
    if eventID.kind == .string, (1...longestID).contains(eventID.range.count),
      eventID.range.allSatisfy({ ASCII.visible.contains(record[$0]) })
    {
      mark.append(": see eventID ")
      mark.append(record.extracting(eventID.range))
    }
    mark.append(ASCII.closeBracket)
    return mark
  }
}
