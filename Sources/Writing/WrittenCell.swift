public import Bytes
public import CloudTrail
public import Dataset
public import Segments

/// A partition that was written to the staging area.
public struct StagedPartition: Sendable {
  /// Relative to the dataset.
  public var folder: Path
  public var files: StagedParts
  /// Fields of it that are not exactly what the record says.
  public var altered: AlteredFields
}

/// A cell as this run leaves it.
public struct WrittenCell: Sendable {
  public var partitions: [StagedPartition]
  /// Which of the partitions are the store's, in order.
  public var storeIndexes: [Int]
  public var rows: IndexRowExtent
  public var summary: CellSummary?

  /// What a later step of the run reads the cell's records from.
  public func segment(_ family: Family, _ longRecords: LongRecords) -> StoredSegment {
    let files = storeIndexes.flatMap { index in
      let files = partitions[index].files
      return files.parts.map { StoredSegment.File(path: files.path(of: $0), part: $0) }
    }
    let rows = rows
    return StoredSegment(family: family, files: files, longRecords: longRecords) {
      try rows.read($0, into: &$1)
    }
  }
}

// MARK: - In a spool

/// What is in a spool is this run's own: it is read back as it was written.
extension StagedPartition {
  func append(to output: inout ByteBuffer) {
    output.append(counted: folder.bytes)
    output.append(counted: files.path.bytes)
    output.append(files.isElsewhere ? 1 : 0)
    output.append(littleEndian: UInt32(files.parts.count))
    for part in files.parts {
      output.append(counted: Array(part.name.utf8))
      output.append(littleEndian: part.byteCount)
      output.append(littleEndian: part.recordCount)
      output.append(part.hash)
      output.append(part.firstTime)
      output.append(part.lastTime)
    }
    let altered = altered.byKind
    output.append(littleEndian: UInt32(altered.count))
    for (kind, count) in altered {
      output.append(counted: Array(kind.utf8))
      output.append(littleEndian: count)
    }
  }

  init(_ input: inout RowReader) {
    folder = Path(bytes: input.countedBytes())
    let path = Path(bytes: input.countedBytes())
    let isElsewhere = input.littleEndian(UInt8.self) == 1
    let parts = (0..<Int(input.littleEndian(UInt32.self))).map { _ in
      OutputPart(
        name: input.countedBytes().span.text(), byteCount: input.littleEndian(),
        recordCount: input.littleEndian(), hash: input.sha256(),
        firstTime: input.time(), lastTime: input.time())
    }
    files = StagedParts(path: path, parts: parts, isElsewhere: isElsewhere)
    var altered: [String: Int] = [:]
    for _ in 0..<Int(input.littleEndian(UInt32.self)) {
      let kind = input.countedBytes().span.text()
      altered[kind] = input.littleEndian()
    }
    self.altered = AlteredFields(altered)
  }
}

extension WrittenCell {
  /// Appends all but the rows.
  func append(to output: inout ByteBuffer) {
    output.append(summary == nil ? 0 : 1)
    if let summary {
      output.append(littleEndian: summary.recordCount)
      output.append(summary.firstTime)
      output.append(summary.lastTime)
      output.append(littleEndian: summary.textFlaws.recordCount)
      output.append(littleEndian: summary.textFlaws.loneSurrogateCount)
      output.append(littleEndian: summary.textFlaws.invalidUTF8Count)
    }
    output.append(littleEndian: UInt32(storeIndexes.count))
    for index in storeIndexes { output.append(littleEndian: UInt32(index)) }
    output.append(littleEndian: UInt32(partitions.count))
    for partition in partitions { partition.append(to: &output) }
  }

  init(_ input: inout RowReader, rows: IndexRowExtent) {
    self.rows = rows
    if input.littleEndian(UInt8.self) == 1 {
      summary = CellSummary(
        recordCount: input.littleEndian(), firstTime: input.time(), lastTime: input.time())
      summary?.textFlaws.recordCount = input.littleEndian()
      summary?.textFlaws.loneSurrogateCount = input.littleEndian()
      summary?.textFlaws.invalidUTF8Count = input.littleEndian()
    }
    storeIndexes = (0..<Int(input.littleEndian(UInt32.self))).map { _ in
      Int(input.littleEndian(UInt32.self))
    }
    partitions = (0..<Int(input.littleEndian(UInt32.self))).map { _ in StagedPartition(&input) }
  }
}

extension ByteBuffer {
  fileprivate mutating func append(_ time: EventTime) {
    append(littleEndian: time.seconds)
    append(littleEndian: time.nanoseconds)
  }
}

extension RowReader {
  fileprivate mutating func time() -> EventTime {
    EventTime(seconds: littleEndian(), nanoseconds: littleEndian())
  }
}
