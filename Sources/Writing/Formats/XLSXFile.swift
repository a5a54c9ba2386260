import Bytes
import Dataset

/// Reading workbooks again, as far as to count their rows.
enum XLSXFile {
  private static let sheet = "xl/worksheets/sheet1.xml"
  /// What each row begins with; in texts it would be `&lt;row`.
  private static let row = Array("<row ".utf8)
  private static let pieceSize = 64 << 10

  /// Counts the rows below the header.
  ///
  /// - Parameter stream: The file, which is opened once more: the list of what is in it is at its end.
  /// - Returns: Nil if the file is no whole workbook with a sheet.
  /// - Throws: `FileError`; `Stopped` when a signal asks to stop.
  /// - Complexity: O(bytes of the sheet), in bounded memory.
  static func countRows(in stream: StoredStream) throws -> Int? {
    do {
      let file = try OpenFile(stream.path)
      return try ArchivedFile(sheet, in: file).flatMap { try countRows(of: $0, in: file) }
    } catch GzipError.outOfMemory {
      throw GzipError.outOfMemory
    } catch is GzipError {
      return nil
    }
  }

  private static func countRows(
    of sheet: ArchivedFile, in file: borrowing OpenFile
  ) throws -> Int? {
    var inflater = try GzipInflater(stopsAfterMember: true)
    var pieces = ArchivedFile.Pieces(sheet)
    var input = ByteBuffer()
    var position = 0
    var text = ByteBuffer(capacity: 2 * pieceSize)
    var count = -1
    while true {
      try StopSignal.check()
      let pause = try inflater.inflate(
        input.bytes, at: &position, into: &text, room: pieceSize, isWhole: false)
      count += occurrences(of: row, in: text.bytes)
      if pause == .memberEnded { return count }
      // A row may begin in one piece of text and go on in the next.
      text.removeFirst(max(0, text.count - row.count + 1))
      guard pause == .inputEnded else { continue }
      input.removeAll()
      position = 0
      guard try pieces.next(of: file, into: &input) else { return nil }
    }
  }

  private static func occurrences(of tag: [UInt8], in text: Span<UInt8>) -> Int {
    var count = 0
    var position = ByteSearch.first(tag[0], in: text)
    while position + tag.count <= text.count {
      if tag.indices.allSatisfy({ text[position + $0] == tag[$0] }) { count += 1 }
      position = ByteSearch.first(tag[0], in: text, from: position + 1)
    }
    return count
  }
}

/// Where a file is in a ZIP archive (APPNOTE.TXT, 4.3), and how it is compressed.
///
/// An archive without a comment, as spreadsheets write it.
private struct ArchivedFile {
  /// Its deflated bytes.
  private let range: Range<Int>
  private let checksum: UInt32
  private let byteCount: UInt32

  private static let endSize = 22
  private static let listedSize = 46
  private static let headSize = 30
  /// A workbook has about ten files.
  private static let longestList = 1 << 20

  /// Finds the file; nil if it is not there, not deflated, or the archive makes no sense.
  init?(_ name: String, in archive: borrowing OpenFile) throws {
    let size = try archive.status().byteCount
    guard size >= ArchivedFile.endSize else { return nil }
    var end = ByteBuffer()
    _ = try archive.read(ArchivedFile.endSize, at: size - ArchivedFile.endSize, into: &end)
    guard end.count == ArchivedFile.endSize, end.bytes.number(at: 0) == 0x0605_4B50 as UInt32 else {
      return nil
    }
    let (length, start) = (end.bytes.int32(at: 12), end.bytes.int32(at: 16))
    guard length <= ArchivedFile.longestList, start + length <= size else { return nil }
    var list = ByteBuffer()
    guard try archive.read(length, at: start, into: &list) == length,
      let place = ArchivedFile.place(of: Array(name.utf8), in: list.bytes)
    else { return nil }
    var head = ByteBuffer()
    let headStart = list.bytes.int32(at: place + 42)
    guard
      try archive.read(ArchivedFile.headSize, at: headStart, into: &head) == ArchivedFile.headSize
    else { return nil }
    let first =
      headStart + ArchivedFile.headSize + head.bytes.int16(at: 26) + head.bytes.int16(at: 28)
    range = first..<(first + list.bytes.int32(at: place + 20))
    checksum = list.bytes.number(at: place + 16)
    byteCount = list.bytes.number(at: place + 24)
    guard range.upperBound <= size, list.bytes.int16(at: place + 10) == 8 else { return nil }
  }

  /// Where a file's entry begins in the list of all.
  private static func place(of name: [UInt8], in list: Span<UInt8>) -> Int? {
    var position = 0
    while position + listedSize <= list.count, list.number(at: position) == 0x0201_4B50 as UInt32 {
      let start = position + listedSize
      let end = start + list.int16(at: position + 28)
      if end <= list.count, list.extracting(start..<end).copied() == name { return position }
      position = end + list.int16(at: position + 30) + list.int16(at: position + 32)
    }
    return nil
  }

  /// The file as a gzip member, piece by piece: gzip and ZIP hold the same deflated bytes and the same
  /// checksum (RFC 1952).
  struct Pieces {
    private let checks: (checksum: UInt32, byteCount: UInt32)
    private var rest: Range<Int>
    private var hasBegun = false
    private var hasEnded = false

    init(_ file: ArchivedFile) {
      (checks, rest) = ((file.checksum, file.byteCount), file.range)
    }

    /// Appends the next piece; false if there is none.
    mutating func next(of archive: borrowing OpenFile, into output: inout ByteBuffer) throws -> Bool
    {
      if !hasBegun {
        hasBegun = true
        output.append([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])
      } else if !rest.isEmpty {
        let count = min(rest.count, 64 << 10)
        let read = try archive.read(count, at: rest.lowerBound, into: &output)
        rest = (rest.lowerBound + read)..<rest.upperBound
        return read == count
      } else if !hasEnded {
        hasEnded = true
        output.append(littleEndian: checks.checksum)
        output.append(littleEndian: checks.byteCount)
      } else {
        return false
      }
      return true
    }
  }
}

extension Span where Element == UInt8 {
  fileprivate func int16(at position: Int) -> Int { Int(number(at: position, as: UInt16.self)) }
  fileprivate func int32(at position: Int) -> Int { Int(number(at: position, as: UInt32.self)) }
}
