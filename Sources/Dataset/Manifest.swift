public import Bytes
public import CloudTrail

/// The root of a dataset: from it every byte that the dataset owns can be checked.
///
/// It names each file below our own folder that describes the rest, with its length and hash; those
/// name the partitions' files. It is a function of what the dataset holds, not of how it came to hold
/// it: no clock, no counter of commits.
public struct Manifest: Sendable, Equatable {
  /// Sums over the whole dataset.
  public struct Totals: Sendable, Equatable {
    public var recordCount = 0
    public var conflictCount = 0
    public var rejectedCount = 0
    public var partitionCount = 0
    public var byteCount = 0
    /// The stored records that strict readers refuse.
    public var textFlaws = TextFlawCounts()

    public init() {}

    /// Adds what a changed part of the dataset has now, and takes off what it had.
    public mutating func replace(_ old: Totals, with new: Totals) {
      recordCount = recordCount.addingClamped(new.recordCount - old.recordCount)
      conflictCount = conflictCount.addingClamped(new.conflictCount - old.conflictCount)
      rejectedCount = rejectedCount.addingClamped(new.rejectedCount - old.rejectedCount)
      partitionCount = partitionCount.addingClamped(new.partitionCount - old.partitionCount)
      byteCount = byteCount.addingClamped(new.byteCount - old.byteCount)
      textFlaws.replace(old.textFlaws, with: new.textFlaws)
    }
  }

  /// The version of the format of everything below our own folder.
  ///
  /// 3: a tree of hashes, by event day and delivery.
  public static let version = 3

  /// The output-determining part of the job, as lines `key: value`.
  public var job: [String] = []
  /// The output whose files hold every record by cell, and the keys it is partitioned by.
  public var store = ""
  public var storeKeys: [PartitionKey] = []
  /// How the files of a hidden store are written; of other outputs the job says it.
  public var storeCompression = StoreCompression.none
  /// What compresses gzip outputs: their bytes are its alone.
  public var encoder = ""
  /// The wholes that the dataset is not all of, each with the pieces that it has; mostly none.
  public var parts: [DatasetPart] = []
  public var totals = Totals()
  /// The time of the newest event of each account.
  public var newest = NewestEvents()
  /// Every file below our own folder that describes the rest, by its path relative to the dataset.
  public var files: [Path: FileHash] = [:]

  public init() {}

  /// Whether anything would be lost with the dataset.
  public var holdsRecords: Bool {
    totals.recordCount > 0 || totals.conflictCount > 0 || totals.rejectedCount > 0
  }

  /// The files of one kind, in the order of their paths.
  public func files<Kind>(where kind: (DatasetFile) -> Kind?) -> [Kind] {
    files.keys.sorted().compactMap { DatasetFile(path: $0).flatMap(kind) }
  }

  /// The event days with records, of all families: each has an index.
  public var eventDays: [EventDay] {
    files { file in
      if case .index(let day) = file { day } else { nil }
    }
  }
}

// MARK: - JSON

extension Manifest {
  /// The manifest as JSON, one file a line; last the SHA-256 of all that is before.
  public func json() -> [UInt8] {
    var output = ByteBuffer(capacity: files.count * 160 + 4096)
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
    if storeCompression != .none {
      output.append(",\"storeCompression\":")
      JSONText.appendQuoted(storeCompression.rawValue, to: &output)
    }
    output.append(",\"encoder\":")
    JSONText.appendQuoted(encoder, to: &output)
    if !parts.isEmpty {
      output.append(",\n\"part\":[")
      for (index, part) in parts.enumerated() {
        if index > 0 { output.append(ASCII.comma) }
        output.append(part.json())
      }
      output.append("]")
    }
    output.append(",\n\"totals\":")
    output.append(totals.json())
    output.append(",\n\"newest\":")
    output.append(newest.json())
    output.append(",\n\"files\":[")
    for (index, (path, hash)) in files.sorted(by: { $0.key < $1.key }).enumerated() {
      output.append(index == 0 ? "\n" : ",\n")
      output.append(Manifest.json(path, hash))
    }
    output.append("\n]")
    let seal = Manifest.seal(SHA256Digest(of: output.bytes))
    output.append(seal)
    return output.bytes.copied()
  }

  /// The end of the text, with the hash of what is before.
  private static func seal(_ hash: SHA256Digest) -> [UInt8] {
    Array(",\n\"sha256\":\"\(hash.hex)\"}\n".utf8)
  }

  private static let sealLength = seal(SHA256Digest(words: (0, 0, 0, 0))).count

  private static func json(_ path: Path, _ hash: FileHash) -> [UInt8] {
    var line = JSONObjectWriter()
    line.add("path", bytes: path.bytes)
    line.add("bytes", hash.byteCount)
    line.add("sha256", hash.sha256.hex)
    return line.finish()
  }

  /// The manifest of the last commit.
  ///
  /// - Throws: `DatasetError.absent`, `damaged` or `otherVersion`.
  public init(of layout: DatasetLayout) throws {
    guard try FileSystem.isThere(layout.manifest) else { throw DatasetError.absent(layout.root) }
    try self.init(json: layout.rootBytes(), path: layout.manifest)
  }

  /// Reads what `json()` wrote.
  ///
  /// - Parameters:
  ///   - json: The bytes of the file.
  ///   - path: Where the file is, for errors.
  /// - Throws: `DatasetError.damaged` or `otherVersion`.
  public init(json: [UInt8], path: Path) throws(DatasetError) {
    let document: JSONObject
    do {
      document = try JSONObject(json.span)
    } catch {
      throw .damaged(path, "not JSON at byte \(error.offset)")
    }
    guard let version = document.integer("version"), version > 0 else {
      throw .damaged(path, "no version")
    }
    guard version == Manifest.version else { throw .otherVersion(path, version) }
    let sealed = max(0, json.count - Manifest.sealLength)
    guard
      json[sealed...].elementsEqual(
        Manifest.seal(SHA256Digest(of: json.span.extracting(0..<sealed))))
    else { throw .damaged(path, "its checksum is not right") }
    guard let totals = document.object("totals").flatMap({ Totals($0) }) else {
      throw .damaged(path, "its totals")
    }
    self.totals = totals
    guard let newest = document.array("newest").flatMap({ NewestEvents($0) }) else {
      throw .damaged(path, "its newest events")
    }
    self.newest = newest
    job = (document.strings("job") ?? []).map { $0.span.text() }
    store = document.string("store") ?? ""
    encoder = document.string("encoder") ?? ""
    storeKeys = (document.string("storeKeys") ?? "").split(separator: ",")
      .compactMap { PartitionKey(rawValue: String($0)) }
    if let text = document.string("storeCompression") {
      guard let known = StoreCompression(rawValue: text) else {
        throw .damaged(path, "its description of the store")
      }
      storeCompression = known
    }
    for json in document.array("part") ?? [] {
      guard let part = DatasetPart(json: json.span) else { throw .damaged(path, "its part") }
      parts.append(part)
    }
    for line in document.array("files") ?? [] {
      guard let (path, hash) = Manifest.file(line) else { throw .damaged(path, "a file") }
      files[path] = hash
    }
  }

  private static func file(_ json: [UInt8]) -> (Path, FileHash)? {
    guard let line = try? JSONObject(json.span),
      let path = line.bytes("path").map({ Path(bytes: $0) }),
      DatasetFile(path: path)?.isInTree == true,
      let byteCount = line.integer("bytes"), byteCount >= 0,
      let hash = line.sha256("sha256")
    else { return nil }
    return (path, FileHash(byteCount: byteCount, sha256: hash))
  }
}

extension Manifest.Totals {
  fileprivate func json() -> [UInt8] {
    var object = JSONObjectWriter()
    object.add("records", recordCount)
    object.add("conflicts", conflictCount)
    object.add("rejected", rejectedCount)
    object.add("partitions", partitionCount)
    object.add("bytes", byteCount)
    if textFlaws.recordCount > 0 {
      object.add("strictReadersRefuse", raw: textFlaws.object().finish().span)
    }
    return object.finish()
  }

  fileprivate init?(_ object: JSONObject) {
    guard let records = object.integer("records"), let conflicts = object.integer("conflicts"),
      let rejected = object.integer("rejected"), let partitions = object.integer("partitions"),
      let bytes = object.integer("bytes"),
      [records, conflicts, rejected, partitions, bytes].allSatisfy((0...Self.limit).contains)
    else { return nil }
    (recordCount, conflictCount, rejectedCount) = (records, conflicts, rejected)
    (partitionCount, byteCount) = (partitions, bytes)
    if let object = object.object("strictReadersRefuse") {
      guard let flaws = TextFlawCounts(object), flaws.recordCount <= records else { return nil }
      textFlaws = flaws
    }
  }

  /// More than any dataset has, and so little that what a run adds to it is a number, too.
  private static let limit = 1 << 60
}
