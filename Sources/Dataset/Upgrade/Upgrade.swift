import Bytes
import CloudTrail
import Segments

/// Brings a dataset of version 1 or 2 to the present format, from its own files alone.
///
/// Outputs and indexes stay as they are. The manifest's cells and partitions go into lists by period,
/// conflicts go by event day, rejected records and what is known of files without a date by delivery.
/// The sources of version 1 keep their names: a file that now has another name is read once more, and
/// brings nothing but copies.
struct Upgrade {
  private let layout: DatasetLayout
  private let old: OldManifest
  private var tree: TreeUpdate
  private let ledger: LedgerUpdate
  private var seen: SeenUpdate?
  /// The delivery of each source that the old ledger has.
  private var slots: [Path: DeliverySlot] = [:]

  /// Bytes for ledger entries that wait to be sorted.
  private static let memory = 8 << 20

  /// Upgrades the dataset if it is of an older version.
  ///
  /// - Throws: `DatasetError` for damage, nothing is changed then; what the commit throws.
  /// - Complexity: O(bytes below our own folder, and of the stored records) in time, O(files of the ledger) in memory.
  static func run(_ layout: DatasetLayout) throws {
    guard try OldManifest.isThere(layout) else { return }
    var upgrade = Upgrade(layout, try OldManifest(of: layout))
    try upgrade.convert()
    try upgrade.tree.finish().commit.run(syncs: true)
    try upgrade.seen?.write(to: layout)
  }

  private init(_ layout: DatasetLayout, _ old: OldManifest) {
    self.layout = layout
    self.old = old
    let nothing = StoredDataset(layout, Manifest())
    tree = TreeUpdate(nothing, replacing: nothing)
    let scratch = ScratchFolder(layout)
    ledger = LedgerUpdate(memory: Upgrade.memory) { try scratch.path($0) }
  }

  private mutating func convert() throws {
    let old = old
    tree.describe { manifest in
      manifest.job = old.job
      (manifest.store, manifest.storeKeys) = (old.store, old.storeKeys)
      manifest.encoder = old.hasGzipOutputs ? "zlib" : GzipDeflater.name
      manifest.totals.conflictCount = old.conflictCount
      manifest.totals.rejectedCount = old.rejectedCount
    }
    for (period, list) in old.lists { try tree.adopt(counted(list), of: period) }
    try adoptIndexes()
    try convertLedger()
    try dropFindings()
    let slots = slots
    try convertSideFile("rejected.ndjson") { line in
      let slot = slots[line.source] ?? DeliverySlot(day: nil, source: line.source)
      return .ofDelivery(.rejected, slot)
    }
    try convertConflicts()
  }

  /// A list with what the old format did not say: how many records strict readers refuse.
  private func counted(_ list: PartitionList) throws -> PartitionList {
    var manifest = Manifest()
    (manifest.store, manifest.storeKeys) = (old.store, old.storeKeys)
    let stored = StoredDataset(layout, manifest, namedOnly: old.lists)
    var list = list
    for cell in list.cells.keys {
      list.cells[cell]?.textFlaws = try stored.countTextFlaws(of: cell)
    }
    return list
  }

  /// Takes over the indexes, and makes a column of identities for each.
  private mutating func adoptIndexes() throws {
    let scratch = ScratchFolder(layout)
    defer { scratch.remove() }
    for day in Set(old.lists.values.flatMap { $0.cells.keys.map(\.eventDay) }).sorted() {
      try tree.adopt(.index(day))
      let sorter = IdentitySorter(memory: Upgrade.sortingMemory) {
        try scratch.path("identities-\(day.family.rawValue)-\(day.day)")
      }
      let staged = try tree.stagedFile()
      let index = try DayIndex(layout[.index(day)])
      let hash = try IdentityColumn.write(of: index, sorter, to: staged)
      try tree.put(staged, hash, as: .identities(day))
    }
  }

  /// Bytes for sorting the identities of a day.
  private static let sortingMemory = 16 << 20

  // MARK: By delivery

  private mutating func convertLedger() throws {
    let folder = layout.root.appending(DatasetFile.DeliveryKind.ledger.folder)
    try forEachOldFile(of: .ledger) { upgrade, name, day in
      let path = folder.appending(name)
      for entry in try Ledger.entries(FileSystem.contents(of: path), path: path).values {
        let slot = DeliverySlot(day: day, source: entry.path)
        upgrade.slots[entry.path] = slot
        try upgrade.ledger.note(entry, in: slot)
      }
    }
    seen = try ledger.stage(in: &tree, of: StoredDataset(layout, Manifest()))
  }

  /// Leaves out what validations found.
  ///
  /// Verdicts without the facts that they came from cannot be made again. The next run that validates makes them of what is in the inputs.
  private mutating func dropFindings() throws {
    for name in ["logs", "digests"] {
      let folder = OwnFolder.name.appending("validation").appending(name)
      let path = layout.root.appending(folder)
      guard try FileSystem.isThere(path) else { continue }
      for entry in try OpenFolder(path).entries() {
        tree.removeOld(folder.appending(entry.name))
      }
    }
  }

  /// Passes the files of a folder with their days; those without one leave with the commit.
  private mutating func forEachOldFile(
    of kind: DatasetFile.DeliveryKind, _ body: (inout Upgrade, [UInt8], Day?) throws -> Void
  ) throws {
    let folder = layout.root.appending(kind.folder)
    guard try FileSystem.isThere(folder) else { return }
    for entry in try OpenFolder(folder).entries() {
      let name = Path(bytes: entry.name).description
      let day = Day(name.prefix(10))
      guard name == (day?.description ?? "undated") + ".ndjson" else { continue }
      try body(&self, entry.name, day)
      if day == nil { tree.removeOld(kind.folder.appending(entry.name)) }
    }
  }

  // MARK: Side files

  /// What the lines of side files say that decides where they go.
  private struct SideLine {
    var source: Path
    var eventID: [UInt8]?
    var family: Family

    init?(_ line: Span<UInt8>) {
      guard let object = try? JSONObject(line), let source = object.bytes("source") else {
        return nil
      }
      self.source = Path(bytes: source)
      eventID = object.bytes("eventID")
      family = object.string("family").flatMap { Family(rawValue: $0) } ?? .events
    }
  }

  private mutating func convertSideFile(
    _ name: String, _ file: (SideLine) -> DatasetFile?
  ) throws {
    let path = layout.own.appending(name)
    guard try FileSystem.isThere(path) else { return }
    var texts: [DatasetFile: [UInt8]] = [:]
    try forEachLine(of: path) { text in
      guard let line = SideLine(text), let file = file(line) else { return false }
      append(text, to: &texts[file, default: []])
      return true
    }
    for (file, text) in texts { try tree.put(text.span, as: file) }
    tree.removeOld(layout.relative(path))
  }

  private mutating func convertConflicts() throws {
    let path = layout.own.appending("conflicts.ndjson")
    guard try FileSystem.isThere(path) else { return }
    var wanted: Set<Event> = []
    try forEachLine(of: path) { text in
      guard let line = SideLine(text), let event = Event(line) else { return false }
      wanted.insert(event)
      return true
    }
    let days = try days(of: wanted)
    guard days.count == wanted.count else {
      throw DatasetError.damaged(path, "it has an eventID that no index has")
    }
    try convertSideFile("conflicts.ndjson") { line in
      Event(line).flatMap { days[$0] }.map { .conflicts($0) }
    }
  }

  private struct Event: Hashable {
    var family: Family
    var identity: RecordIdentity

    init(_ family: Family, _ identity: RecordIdentity) {
      (self.family, self.identity) = (family, identity)
    }

    init?(_ line: SideLine) {
      guard let eventID = line.eventID, !eventID.isEmpty else { return nil }
      self.init(line.family, RecordIdentity(eventID: eventID.span))
    }
  }

  /// The days of the events that are kept.
  private func days(of wanted: Set<Event>) throws -> [Event: Day] {
    var days: [Event: Day] = [:]
    for day in Set(old.lists.values.flatMap { $0.cells.keys.map(\.eventDay) }) {
      let index = try DayIndex(layout[.index(day)])
      let rowCount = index.cells.values.reduce(0) { $0 + $1.count }
      try index.forEachRow(in: 0..<rowCount) { row in
        let event = Event(day.family, row.identity)
        if wanted.contains(event) { days[event] = day.day }
      }
    }
    return days
  }

  // MARK: Lines

  private func forEachLine(of path: Path, _ body: (Span<UInt8>) throws -> Bool) throws {
    let bytes = try FileSystem.contents(of: path)
    var lines = TextLines(bytes)
    while let line = lines.next() {
      try StopSignal.check()
      guard line.isEnded, try body(bytes.span.extracting(line.range)) else {
        throw DatasetError.damaged(path, "the line at byte \(line.range.lowerBound)")
      }
    }
  }

  private func append(_ line: Span<UInt8>, to text: inout [UInt8]) {
    text += line.copied()
    text.append(ASCII.lineFeed)
  }
}
