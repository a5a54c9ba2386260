public import Bytes
public import Segments

/// Changes of what is known of digests, gathered for a commit in bounded memory.
///
/// First come facts: `put(_:)`, then `passAll`, which passes all that is known with them. Then come the
/// marks that a look at them together gave, and `stage`.
public final class DigestFactsUpdate {
  fileprivate enum Mark: UInt8 {
    case signature
    case key
    case previousKey
  }

  private let dataset: StoredDataset
  private let facts: RowSorter
  private let marks: RowSorter
  private var factSlots: Set<DeliverySlot> = []
  /// Those whose files change.
  private var changedSlots: Set<DeliverySlot> = []
  private var sortedFacts: SortedRows?

  /// - Parameters:
  ///   - dataset: What is known.
  ///   - sorter: Makes what sorts the changes.
  public init(onto dataset: StoredDataset, sorter: () -> RowSorter) {
    self.dataset = dataset
    (facts, marks) = (sorter(), sorter())
  }

  // MARK: Changes

  /// Notes what a digest says; takes the place of what is known of that path.
  public func put(_ digest: DigestFacts) throws {
    let slot = digest.slot
    factSlots.insert(slot)
    try append(digest.json(), slot, digest.path, 0, to: facts)
  }

  /// Notes the fingerprint of the key that a signature was verified with.
  ///
  /// - Parameters:
  ///   - fingerprint: The key's.
  ///   - path: The digest that the signature is known with.
  ///   - isPrevious: Whether it is the one of the digest before that.
  /// - Throws: `FileError` when the disk is full.
  public func mark(verifiedBy fingerprint: String, _ path: Path, isPrevious: Bool) throws {
    try append(isPrevious ? .previousKey : .key, Array(fingerprint.utf8), path)
  }

  /// Notes the saved signature of a digest that was known without.
  public func mark(_ signature: DigestFacts.SavedSignature, _ path: Path) throws {
    if case .text(let text) = signature {
      try append(.signature, [1] + text, path)
    } else {
      try append(.signature, [0], path)
    }
  }

  private func append(_ mark: Mark, _ content: [UInt8], _ path: Path) throws {
    let slot = DigestFacts.slot(of: path)
    changedSlots.insert(slot)
    try append(content, slot, path, mark.rawValue, to: marks)
  }

  private func append(
    _ content: [UInt8], _ slot: DeliverySlot, _ path: Path, _ kind: UInt8, to rows: RowSorter
  ) throws {
    var row = ByteBuffer(capacity: path.bytes.count + content.count + 32)
    row.append(utf8: slot.text)
    row.append(0)
    row.append(path.bytes)
    row.append(0)
    row.append(kind)
    row.append(content)
    try rows.append(row.bytes)
  }

  // MARK: What is known with them

  /// Passes what is known of every digest, by delivery and path, and whether it is new.
  ///
  /// - Throws: `DatasetError` for a file that is not as it was committed; what `body` throws;
  ///   `Stopped`.
  public func passAll(to body: (DigestFacts, Bool) throws -> Void) throws {
    let sorted = try facts.finish()
    sortedFacts = sorted
    let new = try Cursor(sorted)
    for slot in Set(dataset.digests.slots).union(factSlots).sorted() {
      try forEach(in: slot, new, body)
    }
  }

  private func forEach(
    in slot: DeliverySlot, _ new: Cursor, _ body: (DigestFacts, Bool) throws -> Void
  ) throws {
    let old = try DigestFactsLines(slot, of: dataset)
    var known = try old?.next()
    while let row = new.row, row.slot == slot {
      while let facts = known, facts.path < row.path {
        try body(facts, false)
        known = try old?.next()
      }
      var before: DigestFacts?
      if known?.path == row.path {
        before = known
        known = try old?.next()
      }
      // Of datasets that are merged each may know something of a digest.
      var digest: DigestFacts?
      while let other = new.row, other.path == row.path, other.slot == slot {
        let more = DigestFacts(json: other.content.span)
        if let more { digest?.keep(more) }
        digest = digest ?? more
        try new.step()
      }
      if var digest {
        if let before { digest.keep(before) }
        if digest != before { changedSlots.insert(slot) }
        try body(digest, true)
      }
    }
    while let facts = known {
      try body(facts, false)
      known = try old?.next()
    }
  }

  // MARK: The commit

  /// Stages every file that changes.
  ///
  /// - Throws: `DatasetError` for a file that is not as it was committed; `FileError`; `Stopped`.
  public func stage(in tree: inout TreeUpdate) throws {
    guard let sortedFacts else { return }
    try sortedFacts.rewind()
    let (new, marks) = try (Cursor(sortedFacts), Cursor(self.marks.finish()))
    for slot in changedSlots.sorted() {
      while let row = new.row, row.slot < slot { try new.step() }
      let staged = try tree.stagedFile()
      let file = try HashedFile(staged)
      try forEach(in: slot, new) { facts, _ in
        var facts = facts
        while let mark = marks.row, mark.slot == slot, mark.path <= facts.path {
          if mark.path == facts.path { facts.take(mark) }
          try marks.step()
        }
        file.output.append(facts.json())
        file.output.append(ASCII.lineFeed)
        try file.writeIfFull()
      }
      while let mark = marks.row, mark.slot == slot { try marks.step() }
      try tree.put(staged, file.finish(), as: DigestFactsFiles.file(slot))
    }
  }

  /// Goes along sorted rows.
  fileprivate final class Cursor {
    struct Row {
      var slot: DeliverySlot
      var path: Path
      var kind: UInt8
      var content: [UInt8]

      init?(_ row: Span<UInt8>) {
        let slotEnd = ByteSearch.first(0, in: row, from: 0)
        let pathEnd = ByteSearch.first(0, in: row, from: slotEnd + 1)
        guard pathEnd + 1 < row.count,
          let slot = DeliverySlot(row.extracting(0..<slotEnd).text())
        else { return nil }
        self.slot = slot
        path = Path(bytes: row.extracting((slotEnd + 1)..<pathEnd).copied())
        kind = row[pathEnd + 1]
        content = row.extracting((pathEnd + 2)...).copied()
      }
    }

    private let rows: SortedRows
    private(set) var row: Row?

    init(_ rows: SortedRows) throws {
      self.rows = rows
      try step()
    }

    func step() throws { row = try rows.next() ? rows.decoded { Row($0) } : nil }
  }
}

extension DigestFacts {
  /// Keeps what was found out about the same text before.
  fileprivate mutating func keep(_ known: DigestFacts) {
    guard document != nil, document == known.document else { return }
    signature = signature ?? known.signature
    if signature == known.signature { verifiedBy = known.verifiedBy ?? verifiedBy }
    previousVerifiedBy = known.previousVerifiedBy ?? previousVerifiedBy
  }

  fileprivate mutating func take(_ mark: DigestFactsUpdate.Cursor.Row) {
    switch DigestFactsUpdate.Mark(rawValue: mark.kind) {
    case .signature?:
      signature =
        mark.content.first == 1
        ? .text(Array(mark.content.dropFirst())) : DigestFacts.SavedSignature.none
    case .key?: verifiedBy = mark.content.span.text()
    case .previousKey?: previousVerifiedBy = mark.content.span.text()
    case nil: break
    }
  }
}
