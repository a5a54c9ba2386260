public import Bytes
public import CloudTrail

/// What a dataset holds, as of the last commit.
///
/// On disk it is JSON with one cell or partition a line, so that it can be compared with `diff` and
/// read with `jq`. It is a function of what the dataset holds, not of how it came to hold it.
public struct Manifest: Sendable, Equatable {
  /// What is known of a cell without opening its files.
  public struct CellSummary: Sendable, Equatable {
    public var recordCount: Int
    public var firstTime: EventTime
    public var lastTime: EventTime

    public init(recordCount: Int, firstTime: EventTime, lastTime: EventTime) {
      self.recordCount = recordCount
      self.firstTime = firstTime
      self.lastTime = lastTime
    }
  }

  /// The version of the format of everything below our own folder.
  ///
  /// 2: files are known by the name of their input and their path below it.
  public static let version = 2

  /// The output-determining part of the job, as lines `key: value`.
  public var job: [String] = []
  /// The output whose files hold every record by cell, and the keys it is partitioned by.
  public var store = ""
  public var storeKeys: [PartitionKey] = []
  public var cells: [Cell: CellSummary] = [:]
  /// The files of each partition, by its folder relative to the dataset.
  public var partitions: [Path: [OutputPart]] = [:]
  public var conflictCount = 0
  public var rejectedCount = 0

  public init() {}

  /// The records of all cells.
  public var recordCount: Int { cells.values.reduce(0) { $0 + $1.recordCount } }

  /// Whether anything would be lost with the dataset.
  public var holdsRecords: Bool { !cells.isEmpty || conflictCount > 0 || rejectedCount > 0 }

  /// The folders that hold a cell's records in order, relative to the dataset.
  public func storeFolders(of cell: Cell) -> [Path] {
    let root = DatasetLayout.outputFolder(store, cell.family)
    guard storeKeys.contains(.hour) else { return [root.appending(cell.folder(by: storeKeys))] }
    return (0..<24).map { root.appending(cell.folder(by: storeKeys, hour: $0)) }
      .filter { partitions[$0] != nil }
  }
}

// MARK: - JSON

extension Manifest {
  /// The manifest as JSON.
  public func json() -> [UInt8] {
    var output = ByteBuffer(capacity: 1 << 16)
    output.append("{\"version\":")
    output.append(decimal: Manifest.version)
    output.append(",\n\"job\":[")
    for (index, line) in job.enumerated() {
      output.append(index == 0 ? "\n" : ",\n")
      JSONText.appendQuoted(line, to: &output)
    }
    output.append("\n],\n\"store\":")
    JSONText.appendQuoted(store, to: &output)
    output.append(",\"storeKeys\":")
    JSONText.appendQuoted(storeKeys.map(\.rawValue).joined(separator: ","), to: &output)
    output.append(",\n\"totals\":")
    output.append(totalsJSON())
    output.append(",\n\"cells\":[")
    for (index, cell) in cells.keys.sorted().enumerated() {
      output.append(index == 0 ? "\n" : ",\n")
      if let summary = cells[cell] { output.append(Manifest.json(cell, summary)) }
    }
    output.append("\n],\n\"partitions\":[")
    for (index, folder) in partitions.keys.sorted().enumerated() {
      output.append(index == 0 ? "\n" : ",\n")
      output.append(Manifest.json(folder, partitions[folder] ?? []))
    }
    output.append("\n]}\n")
    return output.bytes.copied()
  }

  private func totalsJSON() -> [UInt8] {
    var totals = JSONObjectWriter()
    totals.add("records", recordCount)
    totals.add("conflicts", conflictCount)
    totals.add("rejected", rejectedCount)
    totals.add("partitions", partitions.count)
    totals.add("bytes", partitions.values.joined().reduce(0) { $0 + $1.byteCount })
    return totals.finish()
  }

  private static func json(_ cell: Cell, _ summary: CellSummary) -> [UInt8] {
    var line = JSONObjectWriter()
    line.add("family", cell.family.rawValue)
    line.add("account", bytes: cell.account.encoded)
    line.add("region", bytes: cell.region.encoded)
    line.add("dt", cell.day.description)
    line.add("records", summary.recordCount)
    line.add("first", summary.firstTime.text)
    line.add("last", summary.lastTime.text)
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

  /// The manifest of the last commit.
  ///
  /// - Throws: `DatasetError.absent` or `damaged`.
  public init(of layout: DatasetLayout) throws {
    guard try FileSystem.isThere(layout.manifest) else { throw DatasetError.absent(layout.root) }
    try self.init(json: try FileSystem.contents(of: layout.manifest), path: layout.manifest)
  }

  /// Reads what `json()` wrote.
  ///
  /// - Parameters:
  ///   - json: The bytes of the file.
  ///   - path: Where the file is, for errors.
  ///   - acceptsOlder: Whether the manifest may be of an older version, of a dataset that is about to
  ///     be replaced.
  /// - Throws: `DatasetError.damaged` or `otherVersion`.
  public init(
    json: [UInt8], path: Path, acceptsOlder: Bool = false
  ) throws(DatasetError) {
    let document: JSONObject
    do {
      document = try JSONObject(json.span)
    } catch {
      throw .damaged(path, "not JSON at byte \(error.offset)")
    }
    guard let version = document.integer("version"), version > 0 else {
      throw .damaged(path, "no version")
    }
    guard version == Manifest.version || (acceptsOlder && version < Manifest.version) else {
      throw .otherVersion(path, version)
    }
    job = (document.strings("job") ?? []).map { $0.span.text() }
    store = document.string("store") ?? ""
    storeKeys = (document.string("storeKeys") ?? "").split(separator: ",")
      .compactMap { PartitionKey(rawValue: String($0)) }
    conflictCount = document.object("totals")?.integer("conflicts") ?? 0
    rejectedCount = document.object("totals")?.integer("rejected") ?? 0
    for line in document.array("cells") ?? [] {
      guard let (cell, summary) = Manifest.cell(line) else { throw .damaged(path, "a cell") }
      cells[cell] = summary
    }
    for line in document.array("partitions") ?? [] {
      guard let (folder, parts) = Manifest.partition(line) else {
        throw .damaged(path, "a partition")
      }
      partitions[folder] = parts
    }
  }

  private static func cell(_ json: [UInt8]) -> (Cell, CellSummary)? {
    guard let line = try? JSONObject(json.span),
      let family = line.string("family").flatMap({ Family(rawValue: $0) }),
      let account = line.bytes("account"), let region = line.bytes("region"),
      let day = line.string("dt").flatMap({ Day($0) }),
      let count = line.integer("records"), let first = time(line, "first"),
      let last = time(line, "last")
    else { return nil }
    let cell = Cell(
      family: family, account: PartitionValue(alreadyEncoded: account),
      region: PartitionValue(alreadyEncoded: region), day: day)
    return (cell, CellSummary(recordCount: count, firstTime: first, lastTime: last))
  }

  private static func partition(_ json: [UInt8]) -> (Path, [OutputPart])? {
    guard let line = try? JSONObject(json.span), let folder = line.bytes("folder"),
      let list = line.array("parts")
    else { return nil }
    var parts: [OutputPart] = []
    for json in list {
      guard let item = try? JSONObject(json.span), let name = item.string("name"),
        let byteCount = item.integer("bytes"), let recordCount = item.integer("records"),
        let hash = item.string("sha256").flatMap({ SHA256Digest(hex: $0) }),
        let first = time(item, "first"), let last = time(item, "last")
      else { return nil }
      parts.append(
        OutputPart(
          name: name, byteCount: byteCount, recordCount: recordCount, hash: hash,
          firstTime: first, lastTime: last))
    }
    return (Path(bytes: folder), parts)
  }

  private static func time(_ object: JSONObject, _ key: String) -> EventTime? {
    object.bytes(key).flatMap { EventTime($0.span) }
  }
}
