import Bytes
import CloudTrail
import Dataset
import JobFiles
import Segments

/// A file that a job would read, as a row: by its kind, where what is known of it is kept, and its name.
struct KeyRow {
  var isDigest: Bool
  var slot: DeliverySlot
  /// What the dataset would call it.
  var source: Path
  /// Nil if the list does not say.
  var byteCount: Int?
  /// How its key is written.
  var written: [UInt8]

  init(
    _ source: Path, in slot: DeliverySlot, isDigest: Bool, _ byteCount: Int?, _ written: [UInt8]
  ) {
    (self.source, self.slot, self.isDigest) = (source, slot, isDigest)
    (self.byteCount, self.written) = (byteCount, written)
  }

  func append(to row: inout ByteBuffer) {
    row.append(isDigest ? 1 : 0)
    slot.appendOrder(to: &row)
    row.append(rowText: source.bytes.span)
    row.append(counted: written)
    row.append(varint: byteCount ?? -1)
  }

  init(_ bytes: Span<UInt8>) {
    var row = RowReader(bytes)
    isDigest = row.byte() == 1
    slot = DeliverySlot(&row)
    source = Path(bytes: row.text())
    written = row.countedBytes()
    let count = row.varint()
    byteCount = count < 0 ? nil : count
  }

  func isOfSameFile(as other: KeyRow) -> Bool {
    source == other.source && isDigest == other.isDigest
  }
}

/// Compares keys with what the dataset knows, one delivery after the other.
final class KeyComparison {
  /// What came of it.
  struct Result {
    /// The keys that are asked for, in byte order.
    var keys: SortedRows
    var newCount = 0
    var knownCount = 0
  }

  private let rows: RowSorter
  private let makeSorter: () -> RowSorter
  private let dataset: Path
  private let rule: KnownFileRule
  private var row = ByteBuffer(capacity: 1024)

  init(_ job: Job, memory: Int, scratch: @escaping @Sendable () throws -> Path) {
    makeSorter = { RowSorter(memory: memory, scratch: scratch) }
    rows = makeSorter()
    dataset = Path(job.dataset)
    rule = KnownFileRule(job)
  }

  func add(_ key: KeyRow) throws {
    row.removeAll()
    key.append(to: &row)
    try row.withBytes { try rows.append($0) }
  }

  /// Compares all that was added.
  ///
  /// - Throws: `DatasetError` for a dataset that is not as it was committed; `FileError`; `Stopped`.
  func compare(_ choice: NewKeys.Choice) throws -> Result {
    let sorted = try rows.finish()
    if choice == .all { return try compare(sorted, nil, choice) }
    var result: Result?
    try StoredDataset.withoutLock(dataset) { stored in
      try sorted.rewind()
      result = try compare(sorted, stored, choice)
    }
    return try result ?? compare(sorted, nil, choice)
  }

  private func compare(
    _ sorted: SortedRows, _ stored: StoredDataset?, _ choice: NewKeys.Choice
  ) throws -> Result {
    let keys = makeSorter()
    var (newCount, knownCount) = (0, 0)
    var known: KnownDelivery?
    var file: KeyRow?
    var sizes: [Int] = []
    func decide() throws {
      guard let file else { return }
      if known?.isOf(file) != true {
        try known?.finish()
        known = try stored.map { try KnownDelivery(of: file, in: $0) }
      }
      let isKnown = try known?.holds(file, sizes: sizes, by: rule) ?? false
      if isKnown { knownCount += 1 } else { newCount += 1 }
      if choice == .all || isKnown == (choice == .known) { try keys.append(file.written.span) }
    }
    while try sorted.next() {
      let row = sorted.withRow { KeyRow($0) }
      if let last = file, !row.isOfSameFile(as: last) {
        try decide()
        file = nil
      }
      if file == nil { (file, sizes) = (row, []) }
      // Two are enough to tell that one is not the file's.
      if let size = row.byteCount, sizes.count < 2, sizes.last != size { sizes.append(size) }
    }
    try decide()
    try known?.finish()
    return Result(keys: try keys.finish(), newCount: newCount, knownCount: knownCount)
  }
}

/// What is known of the files of one delivery.
private enum KnownDelivery {
  case logs(DeliverySlot, KnownFiles)
  case digests(DeliverySlot, KnownDigests)

  /// Opens what is kept where a file belongs.
  init(of file: KeyRow, in stored: StoredDataset) throws {
    if file.isDigest {
      self = .digests(file.slot, try stored.digests.known(in: file.slot))
      return
    }
    // What the last run saw would do without the ledger, and would not notice that it is damaged.
    _ = try stored.check(.ofDelivery(.ledger, file.slot))
    self = .logs(file.slot, try Ledger(stored).knownFiles(file.slot))
  }

  func isOf(_ file: KeyRow) -> Bool {
    switch self {
    case .logs(let slot, _): !file.isDigest && slot == file.slot
    case .digests(let slot, _): file.isDigest && slot == file.slot
    }
  }

  /// Whether a file need not be read.
  ///
  /// `file`: After that of the call before.
  /// `sizes`: Those that lists give it.
  func holds(_ file: KeyRow, sizes: [Int], by rule: KnownFileRule) throws -> Bool {
    switch self {
    case .digests(_, let digests): return try digests.holds(file.source)
    case .logs(_, let files):
      guard let seen = try files.file(at: file.source) else { return false }
      return try rule.reasonToReadAgain(seen, in: files) == nil
        && sizes.allSatisfy { $0 == seen.byteCount }
    }
  }

  func finish() throws {
    switch self {
    case .logs(_, let files): try files.finish()
    case .digests(_, let digests): try digests.finish()
    }
  }
}
