/// A small RFC 4180 reader that accepts nothing but what the RFC allows, control characters aside.
struct CSVParser {
  enum Failure: Error {
    case quoteInBareField
    case textBehindQuote
    case bareLineBreak
    case unfinished
  }

  /// The rows of a file, each a list of fields.
  static func rows(of bytes: [UInt8]) throws -> [[[UInt8]]] {
    var rows: [[[UInt8]]] = []
    var row: [[UInt8]] = []
    var position = 0
    while position < bytes.count {
      row.append(try field(bytes, &position))
      guard position < bytes.count else { throw Failure.unfinished }
      if bytes[position] == 0x2C {
        position += 1
        continue
      }
      guard bytes[position...].starts(with: [0x0D, 0x0A]) else { throw Failure.bareLineBreak }
      position += 2
      rows.append(row)
      row = []
    }
    guard row.isEmpty else { throw Failure.unfinished }
    return rows
  }

  private static func field(_ bytes: [UInt8], _ position: inout Int) throws -> [UInt8] {
    var field: [UInt8] = []
    guard position < bytes.count, bytes[position] == 0x22 else {
      while position < bytes.count, ![0x2C, 0x0D, 0x0A].contains(bytes[position]) {
        if bytes[position] == 0x22 { throw Failure.quoteInBareField }
        field.append(bytes[position])
        position += 1
      }
      return field
    }
    position += 1
    while position < bytes.count {
      if bytes[position] != 0x22 {
        field.append(bytes[position])
      } else if position + 1 < bytes.count, bytes[position + 1] == 0x22 {
        field.append(0x22)
        position += 1
      } else {
        position += 1
        guard position < bytes.count, [0x2C, 0x0D].contains(bytes[position]) else {
          throw Failure.textBehindQuote
        }
        return field
      }
      position += 1
    }
    throw Failure.unfinished
  }
}
