public import Bytes
public import CloudTrail

/// The cells of an event day, and the partitions of a period with their files.
///
/// On disk it is one cell or partition a line, cells first, each in its order: it can be compared with
/// `diff` and read with `jq`.
public struct PartitionList: Sendable, Equatable {
  /// Only days have cells.
  public var cells: [Cell: CellSummary] = [:]
  /// The files of each partition, by its folder relative to the dataset.
  public var partitions: [Path: [OutputPart]] = [:]

  public init() {}

  public var isEmpty: Bool { cells.isEmpty && partitions.isEmpty }

  /// What the list adds to the totals of its dataset.
  public var totals: Manifest.Totals {
    var totals = Manifest.Totals()
    for summary in cells.values {
      totals.recordCount += summary.recordCount
      totals.textFlaws += summary.textFlaws
    }
    totals.partitionCount = partitions.count
    totals.byteCount = partitions.values.joined().reduce(0) { $0 + $1.byteCount }
    return totals
  }
}

// MARK: - Lines

extension PartitionList {
  /// The text of the file.
  public func text() -> [UInt8] {
    var output = ByteBuffer(capacity: cells.count * 200 + partitions.count * 400 + 64)
    for (cell, summary) in cells.sorted(by: { $0.key < $1.key }) {
      output.append(PartitionList.json(cell, summary))
      output.append(ASCII.lineFeed)
    }
    for (folder, parts) in partitions.sorted(by: { $0.key < $1.key }) {
      output.append(PartitionList.json(folder, parts))
      output.append(ASCII.lineFeed)
    }
    return output.bytes.copied()
  }

  /// Reads what `text()` gives.
  ///
  /// `path`: Where the file is, for errors.
  ///
  /// - Throws: `DatasetError.damaged`, for a path that leads out of the dataset too.
  public init(_ text: [UInt8], path: Path) throws(DatasetError) {
    var lines = TextLines(text)
    var names = Names()
    while let next = lines.next() {
      let line = text.span.extracting(next.range)
      if let (cell, summary) = PartitionList.cell(line, &names) {
        cells[cell] = summary
      } else if let (folder, parts) = PartitionList.partition(line) {
        partitions[folder] = parts
      } else {
        throw .damaged(path, "the line at byte \(next.range.lowerBound)")
      }
    }
    let parts = partitions.values.joined()
    let recordCounts = [cells.values.map(\.recordCount), parts.map(\.recordCount)]
    guard recordCounts.allSatisfy({ $0.clampedSum() <= PartitionList.recordLimit }),
      parts.map(\.byteCount).clampedSum() <= PartitionList.byteLimit
    else { throw .damaged(path, "its numbers are larger than those of any dataset") }
  }

  /// More records than a period has, and so few that those of all days are a number, twice.
  private static let recordLimit = 1 << 40
  /// More bytes than any disk has.
  private static let byteLimit = 1 << 56

  private static func json(_ cell: Cell, _ summary: CellSummary) -> [UInt8] {
    var line = JSONObjectWriter()
    line.add("family", cell.family.rawValue)
    line.add("account", bytes: cell.account.encoded)
    line.add("region", bytes: cell.region.encoded)
    line.add("dt", cell.day.description)
    line.add("records", summary.recordCount)
    line.add("first", summary.firstTime.text)
    line.add("last", summary.lastTime.text)
    if summary.textFlaws.recordCount > 0 {
      line.add("strictReadersRefuse", raw: summary.textFlaws.object().finish().span)
    }
    return line.finish()
  }

  private static func json(_ folder: Path, _ parts: [OutputPart]) -> [UInt8] {
    var line = JSONObjectWriter()
    line.add("folder", bytes: folder.bytes)
    line.add("parts", array: parts.map(json))
    return line.finish()
  }

  private static func json(_ part: OutputPart) -> [UInt8] {
    var item = JSONObjectWriter()
    item.add("name", part.name)
    item.add("bytes", part.byteCount)
    item.add("records", part.recordCount)
    item.add("sha256", part.hash.hex)
    item.add("first", part.firstTime.text)
    item.add("last", part.lastTime.text)
    return item.finish()
  }

  /// Reads one line of the text; nil for anything else.
  static func line(_ json: Span<UInt8>) -> ListSearch.Line? {
    var names = Names()
    if let (cell, summary) = cell(json, &names) { return .cell(cell, summary) }
    return partition(json).map { .partition($0, $1) }
  }

  /// Accounts and regions, each of which is in memory once.
  private struct Names {
    private var values: [[UInt8]: PartitionValue] = [:]

    mutating func value(_ encoded: [UInt8]) -> PartitionValue {
      if let known = values[encoded] { return known }
      let value = PartitionValue(alreadyEncoded: encoded)
      values[encoded] = value
      return value
    }
  }

  private static func cell(
    _ json: Span<UInt8>, _ names: inout Names
  ) -> (Cell, CellSummary)? {
    guard let line = try? JSONObject(json),
      let family = line.string("family").flatMap({ Family(rawValue: $0) }),
      let account = line.bytes("account"), let region = line.bytes("region"),
      let day = line.string("dt").flatMap({ Day($0) }),
      let count = line.integer("records"), count > 0, let first = time(line, "first"),
      let last = time(line, "last")
    else { return nil }
    var summary = CellSummary(recordCount: count, firstTime: first, lastTime: last)
    if let flaws = line.object("strictReadersRefuse") {
      guard let flaws = TextFlawCounts(flaws), flaws.recordCount <= count else { return nil }
      summary.textFlaws = flaws
    }
    let cell = Cell(
      family: family, account: names.value(account), region: names.value(region), day: day)
    return (cell, summary)
  }

  private static func partition(_ json: Span<UInt8>) -> (Path, [OutputPart])? {
    guard let line = try? JSONObject(json),
      let folder = line.bytes("folder").map({ Path(bytes: $0) }),
      DatasetLayout.isCommitted(folder), let list = line.array("parts")
    else { return nil }
    let parts = list.compactMap { part($0.span) }
    return parts.count == list.count && !parts.isEmpty ? (folder, parts) : nil
  }

  private static func part(_ json: Span<UInt8>) -> OutputPart? {
    guard let item = try? JSONObject(json), let name = item.string("name"),
      PartName(name) != nil, DatasetLayout.isInside(Path(name)), !name.utf8.contains(ASCII.slash),
      let byteCount = item.integer("bytes"), byteCount >= 0,
      let recordCount = item.integer("records"), recordCount >= 0,
      let hash = item.sha256("sha256"),
      let first = time(item, "first"), let last = time(item, "last")
    else { return nil }
    return OutputPart(
      name: name, byteCount: byteCount, recordCount: recordCount, hash: hash, firstTime: first,
      lastTime: last)
  }

  private static func time(_ object: JSONObject, _ key: String) -> EventTime? {
    object.bytes(key).flatMap { EventTime($0.span) }
  }
}
