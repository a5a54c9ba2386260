import Bytes
import Dataset

extension RunContext {
  /// Joins the rejected records of datasets that are merged.
  ///
  /// - Returns: The side files; nil if they do not change.
  /// - Throws: `DatasetError` for a file that is not as it was committed; `FileError`; `Stopped`.
  func mergeRejected(_ operands: [MergeOperand]) throws -> SideFiles? {
    if operands.allSatisfy({ $0.slots(of: .rejected).isEmpty }) { return nil }
    let listed = try sideFiles(.rejected)
    for operand in operands {
      for slot in operand.slots(of: .rejected) {
        let file = DatasetFile.ofDelivery(.rejected, slot)
        guard let lines = try SideFileReader(file, of: operand.dataset) else { continue }
        while try lines.next() { try listed.add(lines.line, to: file) }
      }
    }
    return listed
  }
}

extension SideFiles {
  /// Adds a line of another dataset's file.
  ///
  /// - Throws: `FileError` when the disk is full.
  func add(_ line: SideLine, to file: DatasetFile) throws {
    let text = try keep(line.record.span, eventID: line.eventID)
    let key = SideLine.Key(place: line.place, content: line.content, family: line.family)
    try add(key, text, reason: line.reason, to: file)
  }
}

/// What the digests said to the datasets that are merged: all of it.
struct MergedEvidence {
  private let datasets: [StoredDataset]
  /// What is kept of a dataset that a piece is carved out of.
  private var kept: [(file: DatasetFile, place: Range<Int>)] = []
  /// The digests that list files of the piece: `s3://bucket/key`.
  private var digests: Set<[UInt8]> = []
  private let spool: Spool

  init(_ context: RunContext, _ operands: [MergeOperand]) {
    datasets = [context.baseline.stored] + operands.map(\.dataset)
    let scratch = context.scratch
    spool = Spool { try scratch.path("evidence") }
  }

  /// Keeps what was said of some files of a delivery.
  mutating func keep(
    _ paths: Set<Path>, of slot: DeliverySlot, _ dataset: StoredDataset
  ) throws {
    let files = dataset.validatedLogs
    let findings = try files.findings(slot).filter { $0.path.map(paths.contains) ?? false }
    digests.formUnion(findings.compactMap(\.digest))
    try keep(findings, as: files.file(slot))
  }

  /// Keeps what was said of the digests that list those files.
  mutating func keepDigests(of dataset: StoredDataset) throws {
    let files = dataset.validatedDigests
    for slot in files.slots {
      let findings = try files.findings(slot).filter {
        $0.object.map(digests.contains) ?? false
      }
      try keep(findings, as: files.file(slot))
    }
  }

  private mutating func keep(_ findings: [some ValidationFinding], as file: DatasetFile) throws {
    if findings.isEmpty { return }
    let text = ValidationFiles.text(findings)
    let start = try spool.append(text.span)
    kept.append((file, start..<(start + text.count)))
  }

  /// Adds the files that change to what is to be committed.
  ///
  /// - Throws: `DatasetError` for a file that is not as it was committed; `FileError`.
  func stage(in tree: inout TreeUpdate) throws {
    var text = ByteBuffer()
    for (file, place) in kept {
      text.removeAll()
      try spool.read(place.count, at: place.lowerBound, into: &text)
      try tree.put(text.bytes, as: file)
    }
    try stage(\.validatedLogs, in: &tree)
    try stage(\.validatedDigests, in: &tree)
  }

  private func stage<Finding>(
    _ files: (StoredDataset) -> ValidationFiles<Finding>, in tree: inout TreeUpdate
  ) throws {
    for slot in Set(datasets.flatMap { files($0).slots }).sorted() {
      let all = try datasets.flatMap { try files($0).findings(slot) }
      // What is there for one of them is not missing.
      let present = Set(all.compactMap { $0.path == nil ? nil : $0.object })
      let findings = all.filter { finding in
        finding.path != nil || finding.object.map { !present.contains($0) } ?? true
      }
      let text = ValidationFiles.text(findings)
      try tree.put(text.span, as: files(datasets[0]).file(slot))
    }
  }
}
