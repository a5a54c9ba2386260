public import Bytes
import CloudTrail
public import Listing
import Segments

/// Neighbouring files of one folder whose place and name say the same.
///
/// Runs list, compare and read files by groups: what is common to thousands of files is there once.
public struct FileGroup: Sendable {
  /// One of the files.
  public struct File: Sendable {
    public var name: [UInt8]
    /// Bytes as stored.
    public var byteCount: Int
    /// Last modification, nanoseconds since 1970.
    public var modified: Int64
    /// Its number in the run's table of sources.
    public var number: UInt32

    public init(_ listed: ListedFile, number: UInt32) {
      self.init(
        name: listed.name, byteCount: listed.byteCount, modified: listed.modified, number: number)
    }

    init(name: [UInt8], byteCount: Int, modified: Int64, number: UInt32) {
      (self.name, self.byteCount) = (name, byteCount)
      (self.modified, self.number) = (modified, number)
    }
  }

  public var folder: ListedFolder
  public var facts: PathFacts
  /// In byte order of their names.
  public var files: [File]

  public init(folder: ListedFolder, facts: PathFacts, files: [File]) {
    (self.folder, self.facts, self.files) = (folder, facts, files)
  }

  /// The most files that a listing puts into one group.
  static let limit = 256

  /// Where a file is.
  public func path(of file: File) -> Path { folder.path.appending(file.name) }

  /// What reports and the dataset call a file.
  public func source(of file: File) -> Path { folder.source.appending(file.name) }

  /// The same group with some of its files only.
  public func with(_ files: [File]) -> FileGroup {
    FileGroup(folder: folder, facts: facts, files: files)
  }
}

// MARK: - Rows

extension FileGroup {
  /// Appends all there is to know of the group.
  public func append(to row: inout ByteBuffer) {
    row.append(counted: folder.path.bytes)
    row.append(counted: folder.source.bytes)
    row.append(varint: folder.depth)
    facts.append(to: &row)
    row.append(varint: files.count)
    var names = PrefixWriter()
    for file in files {
      names.append(file.name, to: &row)
      row.append(varint: file.byteCount)
      row.append(littleEndian: file.modified)
      row.append(littleEndian: file.number)
    }
  }

  /// Reads what `append(to:)` wrote.
  public init(_ row: inout RowReader) {
    folder = ListedFolder(
      path: Path(bytes: row.countedBytes()), source: Path(bytes: row.countedBytes()),
      depth: row.varint())
    facts = PathFacts(&row)
    files = []
    let count = row.varint()
    files.reserveCapacity(count)
    var names = PrefixReader()
    for _ in 0..<count {
      names.next(&row)
      files.append(
        File(
          name: names.text, byteCount: row.varint(), modified: row.littleEndian(),
          number: row.littleEndian()))
    }
  }

  /// Appends what puts groups in reading order: family, account, region, delivery date, path; files
  /// whose place says nothing come last.
  ///
  /// So the files of one cell are read together, whichever trail delivered them, and the cell can be
  /// written while the rest is still being read.
  public func appendReadingOrder(to row: inout ByteBuffer) {
    var family: [UInt8]?
    if case .log(let known) = facts.kind { family = Array(known.rawValue.utf8) }
    for value in [family, facts.account?.encoded, facts.region?.encoded] {
      // What is not known comes last. No value holds a zero.
      row.append(value == nil ? 1 : 0)
      row.append(value ?? [])
      row.append(0)
    }
    row.append(facts.delivery == nil ? 1 : 0)
    if let day = facts.delivery { row.append(row: day) }
    // An account's own trail comes before an organization's.
    row.append(Array((facts.organization ?? "").utf8))
    row.append(0)
    row.append(bigEndian: files.first?.number ?? 0)
  }
}

extension PathFacts {
  fileprivate func append(to row: inout ByteBuffer) {
    switch kind {
    case .loose: row.append(0)
    case .unnamed: row.append(1)
    case .log(let family):
      row.append(2)
      row.append(row: family)
    case .skipped: row.append(UInt8.max)
    }
    for value in [account?.encoded, region?.encoded, organization.map { Array($0.utf8) }] {
      row.append(value == nil ? 0 : 1)
      if let value { row.append(counted: value) }
    }
    row.append(delivery == nil ? 0 : 1)
    if let delivery { row.append(row: delivery) }
  }

  fileprivate init(_ row: inout RowReader) {
    let kind = row.byte()
    switch kind {
    case 0: self.init(.loose)
    case 1: self.init(.unnamed)
    case UInt8.max: self.init(.skipped(""))
    default: self.init(.log(row.family()))
    }
    func value(_ row: inout RowReader) -> [UInt8]? { row.byte() == 0 ? nil : row.countedBytes() }
    account = value(&row).map { PartitionValue(alreadyEncoded: $0) }
    region = value(&row).map { PartitionValue(alreadyEncoded: $0) }
    organization = value(&row).map { $0.span.text() }
    if row.byte() == 1 { delivery = row.day() }
  }
}
