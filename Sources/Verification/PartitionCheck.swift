import Bytes
import CloudTrail
import Dataset
import Writing

/// Checks the files of one partition, or of one cell of the store, against the manifest.
///
/// Every file is read once: its hash, size and count come from the same pass as what is said of its
/// records.
struct PartitionCheck {
  let layout: DatasetLayout
  /// What the list of the period says.
  let list: PartitionList
  private(set) var problems: [VerificationReport.Problem] = []
  private(set) var fileCount = 0
  private(set) var byteCount = 0
  private(set) var recordCount = 0

  private let lines: LineReader
  private let stream: StoredStream

  init(_ layout: DatasetLayout, _ list: PartitionList) throws {
    self.layout = layout
    self.list = list
    lines = try LineReader()
    stream = try StoredStream()
  }

  /// Checks partitions that continue one another.
  ///
  /// - Parameters:
  ///   - partitions: They are of one output.
  ///   - output: That output.
  ///   - rows: What the index knows of their records, for those of the store.
  ///   - remedy: What repairs their problems.
  /// - Throws: When the index cannot be read.
  mutating func check(
    _ partitions: [CommittedOutputs.Partition], of output: PlannedOutput, rows: IndexRows?,
    remedy: VerificationReport.Remedy
  ) throws {
    var records = RecordSequence(
      of: partitions.first?.cell.family ?? .events, rows: rows)
    for partition in partitions {
      guard let parts = list.partitions[partition.folder] else {
        note(
          DatasetFile.partitions(Period(folder: partition.folder)).path,
          "lacks the partition \(partition.folder)", .rebuild)
        continue
      }
      let place = RecordPlace(partition, keys: output.keys)
      for part in parts {
        let path = partition.folder.appending(part.name)
        let file = StoredSegment.File(path: layout.root.appending(path), part: part)
        fileCount += 1
        do {
          try check(file, output.contents, &records, place)
        } catch DatasetError.changedFromOutside(_, let what) {
          let detail = records.takeProblem().map { ": \($0)" } ?? ""
          note(path, what + detail, remedy)
        } catch let error as FileError {
          problems.append(.init(path: path, unreadable: error, remedy: remedy))
        }
        if let problem = records.takeProblem() { note(path, problem, remedy) }
      }
      recordCount += parts.reduce(0) { $0 + $1.recordCount }
    }
    if let problem = try records.finish(), problems.isEmpty {
      note(partitions.first?.folder ?? "", problem, remedy)
    }
    if rows != nil, let cell = partitions.first?.cell, problems.isEmpty,
      records.textFlaws != list.cells[cell]?.textFlaws
    {
      note(
        DatasetFile.partitions(Period(cell.day)).path,
        "counts the records that strict readers refuse otherwise than they are", .repair)
    }
  }

  private mutating func check(
    _ file: StoredSegment.File, _ contents: FileContents, _ records: inout RecordSequence,
    _ place: RecordPlace
  ) throws {
    let size = try status(file)
    byteCount += size
    if let problem = file.part.problem(ofSize: size) {
      throw DatasetError.changedFromOutside(file.path, problem)
    }
    let count =
      switch contents {
      case .recordLines: try checkLines(file, &records, place)
      case .counted(let count): try self.count(file, count)
      }
    guard count == file.part.recordCount else {
      throw DatasetError.changedFromOutside(
        file.path, "has \(count) records, not \(file.part.recordCount) as the manifest says")
    }
  }

  private func status(_ file: StoredSegment.File) throws -> Int {
    do throws(FileError) {
      return try FileSystem.status(file.path, followLinks: false).byteCount
    } catch {
      guard error.isNotFound else { throw error }
      throw DatasetError.missing(file.path)
    }
  }

  private func checkLines(
    _ file: StoredSegment.File, _ records: inout RecordSequence, _ place: RecordPlace
  ) throws -> Int {
    var count = 0
    records.begin(file.part)
    try lines.open(file)
    while try lines.next() {
      count += 1
      try lines.withLine { try records.add($0, place) }
    }
    records.endPart()
    return count
  }

  /// Has the records of a file counted, and checks that it is the file that was committed.
  private func count(
    _ file: StoredSegment.File, _ count: (StoredStream) throws -> Int?
  ) throws -> Int {
    try stream.open(file)
    let found = try count(stream)
    try stream.readToEnd()
    guard stream.hash == file.part.hash else {
      throw DatasetError.altered(file.path)
    }
    guard let found else {
      throw DatasetError.changedFromOutside(file.path, "is no file of its output's format")
    }
    return found
  }

  private mutating func note(
    _ path: Path, _ what: String, _ remedy: VerificationReport.Remedy
  ) {
    problems.append(VerificationReport.Problem(path: path, what: what, remedy: remedy))
  }
}
