public import Bytes
import CloudTrail
import Segments

/// A log file that a digest lists.
struct ListedLog {
  var object: ObjectKey
  var hash: SHA256Digest
  /// The digest.
  var digest: ObjectKey
  /// Whether a signature of the digest was verified.
  var isSigned: Bool
  var isCurrent: Bool

  fileprivate init(_ row: inout PackedRow) {
    object = row.object()
    hash = row.hash()
    digest = row.object()
    (isSigned, isCurrent) = (row.flag(), row.flag())
  }

  init(
    object: ObjectKey, hash: SHA256Digest, digest: ObjectKey, isSigned: Bool, isCurrent: Bool
  ) {
    (self.object, self.hash, self.digest) = (object, hash, digest)
    (self.isSigned, self.isCurrent) = (isSigned, isCurrent)
  }
}

/// What is known of the bytes of a log file.
public enum LogContent: Sendable, Equatable {
  case known(FileContent)
  /// It could not be read in full.
  case failed(String)
  /// It is there, and is read if a digest lists it.
  case unread
  /// It was read when nobody kept its hash.
  case notKept
}

/// A log file that is there, or was read.
public struct LogFile: Sendable {
  public var path: Path
  /// How many of the last segments of its path are below the input.
  public var depth: Int
  public var content: LogContent
  /// Whether the inputs of this validation have brought it.
  public var isCurrent: Bool
  /// Whether it counts only if a digest lists it: what was looked into and is no log.
  public var isNoLog: Bool

  public init(
    path: Path, depth: Int, content: LogContent, isCurrent: Bool = true, isNoLog: Bool = false
  ) {
    (self.path, self.depth, self.content) = (path, depth, content)
    (self.isCurrent, self.isNoLog) = (isCurrent, isNoLog)
  }

  fileprivate init(_ row: inout PackedRow) {
    path = Path(bytes: row.bytes())
    depth = Int(row.number())
    (isCurrent, isNoLog) = (row.flag(), row.flag())
    switch row.byte() {
    case 0: content = .known(FileContent(hash: row.hash(), hasTrailingData: row.flag()))
    case 1: content = .failed(row.text())
    case 2: content = .unread
    default: content = .notKept
    }
  }
}

/// Puts each log file together with the digests that list it.
struct LogJudge {
  private enum Kind {
    static let listed: UInt8 = 0
    static let file: UInt8 = 1
  }

  /// By name.
  private let rows: RowSorter
  private let range: DeliveryRange
  /// How many files are read at once.
  private static let batchSize = 2048

  init(_ rows: RowSorter, _ range: DeliveryRange) {
    (self.rows, self.range) = (rows, range)
  }

  /// What rows of a log file have in common: an unpacked file has the name of the packed one, without its
  /// end.
  static func group(_ name: [UInt8]) -> [UInt8] { Array(ObjectKey.stem(name[...])) }

  func add(_ log: ListedLog) throws {
    var row = RowBuilder(group: Self.group(log.object.name), kind: Kind.listed)
    row.add(log.object)
    row.add(log.hash)
    row.add(log.digest)
    row.add(log.isSigned)
    row.add(log.isCurrent)
    try row.finish(into: rows)
  }

  func add(_ file: LogFile) throws {
    var row = RowBuilder(group: Self.group(file.path.lastComponent), kind: Kind.file)
    row.add(file.path.bytes)
    row.add(Int64(file.depth))
    row.add(file.isCurrent)
    row.add(file.isNoLog)
    switch file.content {
    case .known(let content):
      row.add(UInt8(0))
      row.add(content.hash)
      row.add(content.hasTrailingData)
    case .failed(let reason):
      row.add(UInt8(1))
      row.add(reason)
    case .unread: row.add(UInt8(2))
    case .notKept: row.add(UInt8(3))
    }
    try row.finish(into: rows)
  }

  /// Judges all log files.
  ///
  /// - Parameters:
  ///   - covered: The times that digests cover.
  ///   - mapping: Spreads reading and hashing over threads.
  ///   - progress: Hears how far it is.
  ///   - take: Hears of each file, and of each that is missing, in the order of names.
  /// - Throws: What `take` throws; `FileError`; `Stopped`.
  consuming func judge(
    _ covered: CoveredTimes, _ mapping: some ParallelMapping,
    _ progress: @Sendable (ValidationStep) -> Void, _ take: (ValidationFinding) throws -> Void
  ) throws {
    let groups = try RowGroups(rows.finish())
    var batch: [NameGroup] = []
    var fileCount = 0
    func settle() throws {
      try NameGroup.read(&batch, mapping, progress)
      for group in batch { try group.judge(covered, range) { try take(.log($0)) } }
      batch.removeAll(keepingCapacity: true)
      fileCount = 0
    }
    while groups.group != nil {
      let group = NameGroup(try groups.take())
      fileCount += max(1, group.files.count)
      batch.append(group)
      if fileCount >= Self.batchSize { try settle() }
    }
    try settle()
  }

  /// Files and listed files of one name.
  private struct NameGroup {
    private(set) var listed: [ListedLog] = []
    private(set) var files: [LogFile] = []
    /// For each file the numbers of those of `listed` that it may be.
    private var matches: [[Int]] = []

    init(_ rows: [PackedRow]) {
      for var row in rows {
        if row.kind == Kind.listed {
          listed.append(ListedLog(&row))
        } else {
          files.append(LogFile(&row))
        }
      }
      // What was found out last about a path counts.
      files.sort { $0.path != $1.path ? $0.path < $1.path : $0.isCurrent && !$1.isCurrent }
      var last: Path?
      files.removeAll { file in
        defer { last = file.path }
        return file.path == last
      }
      matches = files.map { file in
        listed.indices.filter { listed[$0].object.isPlace(file.path, depth: file.depth) }
      }
    }

    /// Reads the files of groups that a digest lists and whose content is not known.
    static func read(
      _ groups: inout [NameGroup], _ mapping: some ParallelMapping,
      _ progress: @Sendable (ValidationStep) -> Void
    ) throws {
      var places: [(group: Int, file: Int)] = []
      for (number, group) in groups.enumerated() {
        for file in group.files.indices
        where group.files[file].content == .unread && !group.matches[file].isEmpty {
          places.append((number, file))
        }
      }
      if places.isEmpty { return }
      progress(.expected(fileCount: places.count))
      let contents = try mapping.map(places.map { groups[$0.group].files[$0.file].path }) { path in
        defer { progress(.checked(fileCount: 1)) }
        do {
          return LogContent.known(try FileContent(of: path))
        } catch {
          return LogContent.failed(reason(for: error))
        }
      }
      for (place, content) in zip(places, contents) {
        groups[place.group].files[place.file].content = content
      }
    }

    func judge(
      _ covered: CoveredTimes, _ range: DeliveryRange, _ take: (LogFinding) throws -> Void
    ) throws {
      var isThere = Array(repeating: false, count: listed.count)
      var copies: Set<Copy> = []
      for (file, matches) in zip(files, matches) {
        for match in matches { isThere[match] = true }
        guard let finding = matches.isEmpty ? nil : compare(file, matches) else {
          if !file.isNoLog, isWanted(file, range) { try take(unlisted(file, covered)) }
          continue
        }
        // What is the same counts once, however often it is there.
        let copy = Copy(object: finding.object, status: finding.status.name, content: file.content)
        if finding.status.isInvalid || copies.insert(copy).inserted { try take(finding) }
      }
      var absent: [ObjectKey: LogFinding] = [:]
      for (log, isThere) in zip(listed, isThere) where !isThere {
        let isCurrent = log.isCurrent || absent[log.object]?.isCurrent == true
        absent[log.object] = LogFinding(
          object: log.object, path: nil, digest: log.digest, chain: ChainID(key: log.digest.key),
          status: .missing, isCurrent: isCurrent)
      }
      for (_, finding) in absent.sorted(by: { $0.key < $1.key }) { try take(finding) }
    }

    private struct Copy: Hashable {
      var object: ObjectKey?
      var status: String
      var content: SHA256Digest?

      init(object: ObjectKey?, status: String, content: LogContent) {
        (self.object, self.status) = (object, status)
        if case .known(let content) = content { self.content = content.hash }
      }
    }

    private func isWanted(_ file: LogFile, _ range: DeliveryRange) -> Bool {
      guard range.from != nil || range.to != nil else { return true }
      guard let delivered = TrailKey(file.path).deliveryTime?.seconds else { return true }
      return range.overlaps(delivered.lowerBound, delivered.upperBound)
    }

    private func unlisted(_ file: LogFile, _ covered: CoveredTimes) -> LogFinding {
      LogFinding(
        path: file.path, status: .noDigest(covered.coverage(of: file.path)),
        isCurrent: file.isCurrent)
    }

    /// Compares one file with all digests that list it.
    ///
    /// What a verified digest says counts more than what any other says; of equals the gravest counts.
    private func compare(_ file: LogFile, _ matches: [Int]) -> LogFinding? {
      let signed = matches.filter { listed[$0].isSigned }
      let findings = (signed.isEmpty ? matches : signed).map { number in
        let log = listed[number]
        return LogFinding(
          object: log.object, path: file.path, digest: log.digest,
          chain: ChainID(key: log.digest.key), status: status(of: file.content, log),
          isCurrent: log.isCurrent || file.isCurrent)
      }
      return findings.first { $0.status.isInvalid } ?? findings.first
    }

    private func status(of content: LogContent, _ log: ListedLog) -> LogStatus {
      switch content {
      case .failed(let reason): .mismatch(reason)
      case .unread, .notKept: .notChecked
      case .known(let content) where content.hash != log.hash: .mismatch("hash value doesn't match")
      case .known(let content) where content.hasTrailingData:
        .mismatch("data after the end of the gzip member")
      case .known: log.isSigned ? .verified : .hashOK
      }
    }
  }
}
