public import Bytes
public import CloudTrail

/// A file that the tool makes in a dataset: what it is about, and what it is called.
///
/// `path` makes the name and `init(path:)` reads it back; no other place knows what names look like. A
/// new kind of file is a case here, and a line in each of the two.
public enum DatasetFile: Hashable, Sendable {
  /// What the dataset holds.
  case manifest
  case lock
  /// The steps of a commit that is not finished.
  case journal
  /// The public keys that digests were checked with.
  case publicKeys
  /// The partitions of a period, and what its cells hold.
  case partitions(Period)
  /// Records that lost to another text of their event, which is of this day.
  case conflicts(Day)
  /// What is known of the files of a delivery.
  case ofDelivery(DeliveryKind, DeliverySlot)
  /// When the files of a delivery were modified that the ledger has.
  case seen(DeliverySlot)
  /// The identities of the records of an event day, and where each came from.
  case index(EventDay)
  /// The same identities, short and in order.
  case identities(EventDay)
  case report(RunReportName)
  /// How to tell files that are as the last commit left them.
  case lastCommit
  /// A file of an output, in a partition's folder.
  case part(folder: Path, PartName)

  /// What a file of a delivery says of each input file.
  public enum DeliveryKind: CaseIterable, Sendable {
    /// That it was read.
    case ledger
    /// Its records without a usable time.
    case rejected
    /// What it says, of a digest.
    case digests

    /// Relative to the dataset.
    public var folder: Path {
      switch self {
      case .ledger: OwnFolder.name.appending("ledger")
      case .rejected: OwnFolder.name.appending("rejected")
      case .digests: OwnFolder.name.appending("digests")
      }
    }
  }

  /// Folders of ours in which other names are, relative to the dataset.
  public enum Folder {
    public static let partitions = OwnFolder.name.appending("partitions")
    public static let conflicts = OwnFolder.name.appending("conflicts")
    public static let index = OwnFolder.name.appending("index")
    public static let identities = OwnFolder.name.appending("identities")
    /// Those with files that the manifest names.
    public static let tree =
      DeliveryKind.allCases.map(\.folder) + [partitions, conflicts, index, identities]
    /// Hints, which are no part of what a dataset holds.
    public static let seen = OwnFolder.name.appending("seen")
    public static let runs = OwnFolder.name.appending("runs")
    /// Files that were damaged, put aside by a repair.
    public static let damaged = OwnFolder.name.appending("damaged")
    /// What a run writes before its commit.
    public static let staging = OwnFolder.name.appending("staging")
    /// Sorted runs that do not fit the memory, unless the job names another folder.
    public static let temporary = OwnFolder.name.appending("temporary")
  }

  /// Relative to the dataset.
  public var path: Path {
    switch self {
    case .manifest: OwnFolder.name.appending("manifest.json")
    case .lock: OwnFolder.name.appending("lock")
    case .journal: OwnFolder.name.appending("journal.ndjson")
    case .publicKeys: OwnFolder.name.appending("public-keys.json")
    case .partitions(let period):
      Folder.partitions.appending(period.text + DatasetFile.lineFile)
    case .conflicts(let day): Folder.conflicts.appending(day.description + DatasetFile.lineFile)
    case .ofDelivery(let kind, let slot):
      kind.folder.appending(slot.text + DatasetFile.lineFile)
    case .seen(let slot): Folder.seen.appending(slot.text + DatasetFile.seenFile)
    case .index(let day): Folder.index.appending(day.text + DatasetFile.indexFile)
    case .identities(let day): Folder.identities.appending(day.text + DatasetFile.columnFile)
    case .report(let name): Folder.runs.appending(name.text)
    case .lastCommit: Folder.runs.appending("last-commit")
    case .part(let folder, let name): folder.appending(name.text)
    }
  }

  /// Reads what `path` gives; nil for every other path.
  public init?(path: Path) {
    let name = Path(bytes: path.lastComponent).description
    let folder = path.parent
    let candidate: DatasetFile?
    let stem = name.hasSuffix(DatasetFile.lineFile) ? name.dropLast(DatasetFile.lineFile.count) : ""
    if let single = [.manifest, .lock, .journal, .publicKeys, .lastCommit].first(where: {
      (file: DatasetFile) in file.path == path
    }) {
      candidate = single
    } else if let kind = DeliveryKind.allCases.first(where: { $0.folder == folder }) {
      candidate = DeliverySlot(stem).map { .ofDelivery(kind, $0) }
    } else if folder == Folder.partitions {
      candidate = Period(stem).map { .partitions($0) }
    } else if folder == Folder.conflicts {
      candidate = Day(stem).map { .conflicts($0) }
    } else if folder == Folder.index {
      candidate = DatasetFile.eventDay(name).map { .index($0) }
    } else if folder == Folder.identities {
      candidate = DatasetFile.eventDay(name).map { .identities($0) }
    } else if folder == Folder.seen, name.hasSuffix(DatasetFile.seenFile) {
      candidate = DeliverySlot(name.dropLast(DatasetFile.seenFile.count)).map { .seen($0) }
    } else if folder == Folder.runs {
      candidate = RunReportName(name).map { .report($0) }
    } else {
      candidate = PartName(name).map { .part(folder: folder, $0) }
    }
    guard let candidate, candidate.path == path else { return nil }
    self = candidate
  }
}

extension DatasetFile {
  /// Whether the manifest names such a file, with its hash.
  var isInTree: Bool {
    switch self {
    case .publicKeys, .partitions, .conflicts, .ofDelivery, .index, .identities: true
    case .manifest, .lock, .journal, .seen, .report, .lastCommit, .part: false
    }
  }

  private static let lineFile = ".ndjson"
  private static let seenFile = ".seen"
  private static let indexFile = ".index"
  private static let columnFile = ".column"

  private static func eventDay(_ name: String) -> EventDay? {
    // A family's name may have dashes of its own.
    let family = Family.allCases.first { name.hasPrefix("\($0.rawValue)-") }
    guard let family, let dot = name.lastIndex(of: "."),
      let day = Day(name[..<dot].dropFirst(family.rawValue.count + 1))
    else { return nil }
    return EventDay(family: family, day: day)
  }
}

extension EventDay {
  /// `events-2026-11-19`.
  fileprivate var text: String { "\(family.rawValue)-\(day)" }
}
