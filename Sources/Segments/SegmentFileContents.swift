public import Bytes
import CloudTrail

/// What the segments of a file are, as JSON.
enum SegmentFileContents {
  static func append(
    _ segments: [[UInt8]], _ sources: [(number: UInt32, path: Path)],
    to output: inout ByteBuffer
  ) {
    var contents = JSONObjectWriter()
    contents.add("segments", array: segments)
    contents.add(
      "sources",
      array: sources.map { source in
        var json = JSONObjectWriter()
        json.add("number", Int(source.number))
        json.add("path", bytes: source.path.bytes)
        return json.finish()
      })
    output.append(contents.finish())
  }
}

extension SegmentFileWriter.Listed {
  func json(_ cells: CellTable) -> [UInt8] {
    var json = JSONObjectWriter()
    switch content {
    case .cell(let number):
      let cell = cells.cell(number)
      json.add("family", cell.family.rawValue)
      json.add("account", bytes: cell.account.encoded)
      json.add("region", bytes: cell.region.encoded)
      json.add("dt", cell.day.description)
    case .rejected(let family): json.add("rejected", family.rawValue)
    }
    json.add("offset", range.lowerBound)
    json.add("bytes", range.count)
    json.add("records", recordCount)
    return json.finish()
  }
}

extension SortedSegments {
  /// The segments of a file that another process may have written, in the numbers of this one.
  ///
  /// - Parameters:
  ///   - path: A file that was finished.
  ///   - cells: Gives the numbers of cells.
  ///   - sources: Gives the numbers of the files that records came from.
  /// - Throws: `FileError`; `SegmentFileError` for what is no such file, or damaged. What is in the
  ///   segments is checked when they are read.
  public init(of path: Path, cells: CellTable, sources: SourceTable) throws {
    self.init()
    let reader = try SegmentFileReader(path)
    let numbers = try reader.numbers(sources)
    for segment in try reader.segments() {
      switch segment.content {
      case .cell(let cell):
        let number = cells.number(of: cell)
        let found = reader.segment(segment, cell: number, numbers)
        self.cells.append((number, found))
      case .rejected(let family):
        rejected.append((family, reader.segment(segment, cell: 0, numbers)))
      }
    }
  }
}

/// Reads the contents of a file.
private struct SegmentFileReader {
  enum Content {
    case cell(Cell)
    case rejected(Family)
  }

  struct Listed {
    var content: Content
    var range: Range<Int>
    var recordCount: Int
  }

  private let file: SegmentFile
  private let contentsOffset: Int
  private let contents: JSONObject

  init(_ path: Path) throws {
    file = SegmentFile(try OpenFile(path))
    let byteCount = try file.file.status().byteCount
    let (startSize, endSize) = (SegmentFile.startSize, SegmentFile.endSize)
    let magic = SegmentFile.magic
    var buffer = ByteBuffer()
    guard byteCount >= startSize + endSize,
      try file.file.read(startSize, at: 0, into: &buffer) == startSize,
      buffer.bytes.extracting(0..<8).isEqual(to: magic.span)
    else { throw SegmentFileError.other(path) }
    let version = buffer.bytes.number(at: 8, as: UInt32.self)
    guard version == SegmentFile.version else {
      throw SegmentFileError.otherVersion(path, Int(version))
    }
    buffer.removeAll()
    guard try file.file.read(endSize, at: byteCount - endSize, into: &buffer) == endSize,
      buffer.bytes.extracting(20..<28).isEqual(to: magic.span)
    else { throw SegmentFileError.other(path) }
    let offset = buffer.bytes.number(at: 0, as: UInt64.self)
    let count = buffer.bytes.number(at: 8, as: UInt64.self)
    let checksum = Checksum(value: buffer.bytes.number(at: 16))
    let end = UInt64(byteCount - endSize)
    guard offset >= UInt64(startSize), offset <= end, count == end - offset else {
      throw SegmentFileError.damaged(path, "its end does not say where its contents are")
    }
    contentsOffset = Int(offset)
    buffer.removeAll()
    guard try file.file.read(Int(count), at: Int(offset), into: &buffer) == Int(count),
      Checksum(of: buffer.bytes) == checksum, let contents = try? JSONObject(buffer.bytes)
    else { throw SegmentFileError.damaged(path, "the list of its contents") }
    self.contents = contents
  }

  /// This process's numbers of the files that records came from, by those in the file.
  func numbers(_ sources: SourceTable) throws -> [UInt32: UInt32] {
    var numbers: [UInt32: UInt32] = [:]
    for json in contents.array("sources") ?? [] {
      guard let source = try? JSONObject(json.span), let path = source.bytes("path"),
        let number = source.integer("number").flatMap({ UInt32(exactly: $0) })
      else { throw SegmentFileError.damaged(file.path, "a source in its contents") }
      numbers[number] = try sources.number(of: Path(bytes: path))
    }
    return numbers
  }

  func segments() throws -> [Listed] {
    try (contents.array("segments") ?? []).map { json in
      guard let segment = try? JSONObject(json.span),
        let content = SegmentFileReader.content(segment),
        let offset = segment.integer("offset"), let byteCount = segment.integer("bytes"),
        let recordCount = segment.integer("records"), recordCount >= 0,
        (SegmentFile.startSize...contentsOffset).contains(offset),
        (0...(contentsOffset - offset)).contains(byteCount)
      else { throw SegmentFileError.damaged(file.path, "a segment in its contents") }
      return Listed(
        content: content, range: offset..<(offset + byteCount), recordCount: recordCount)
    }
  }

  private static func content(_ segment: JSONObject) -> Content? {
    if let family = segment.string("rejected") {
      return Family(rawValue: family).map { .rejected($0) }
    }
    guard let family = segment.string("family").flatMap({ Family(rawValue: $0) }),
      let account = segment.bytes("account"), let region = segment.bytes("region"),
      let day = segment.string("dt").flatMap({ Day($0) })
    else { return nil }
    return .cell(
      Cell(
        family: family, account: PartitionValue(alreadyEncoded: account),
        region: PartitionValue(alreadyEncoded: region), day: day))
  }

  func segment(_ listed: Listed, cell: UInt32, _ sources: [UInt32: UInt32]) -> FileSegment {
    FileSegment(
      file, listed.range, cell: cell, sources: sources, recordCount: listed.recordCount)
  }
}
