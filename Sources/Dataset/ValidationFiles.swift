public import Bytes

/// One line of what a validation found.
public protocol ValidationFinding: Sendable {
  /// As the ledger and `_source` name it; nil for what is not there.
  var path: Path? { get }
  /// `s3://bucket/key`, where it is known.
  var object: [UInt8]? { get }
  /// Compared part by part, it gives the order of the lines; no two lines share it.
  var order: [[UInt8]] { get }

  func json() -> [UInt8]
  init?(json: Span<UInt8>)
}

/// What validations found, in one file of lines a delivery: a night rewrites only what changed.
public struct ValidationFiles<Finding: ValidationFinding>: Sendable {
  private let dataset: StoredDataset
  private let kind: DatasetFile.DeliveryKind

  init(_ dataset: StoredDataset, _ kind: DatasetFile.DeliveryKind) {
    self.dataset = dataset
    self.kind = kind
  }

  /// The file of a delivery.
  public func file(_ slot: DeliverySlot) -> DatasetFile { .ofDelivery(kind, slot) }

  /// The deliveries with findings.
  public var slots: [DeliverySlot] {
    dataset.manifest.files { file in
      if case .ofDelivery(kind, let slot) = file { slot } else { nil }
    }
  }

  /// The findings about a delivery, in their order.
  ///
  /// - Throws: `DatasetError` when the file is not as it was committed, or a line cannot be
  ///   understood, or is not in its place.
  public func findings(_ slot: DeliverySlot) throws -> [Finding] {
    guard let bytes = try dataset.contents(of: file(slot)) else { return [] }
    var findings: [Finding] = []
    var last: [[UInt8]] = []
    var lines = TextLines(bytes)
    while let line = lines.next() {
      guard line.isEnded, let finding = Finding(json: bytes.span.extracting(line.range)),
        precedes(last, finding.order)
      else {
        throw DatasetError.damaged(dataset.layout[file(slot)], "line \(findings.count + 1)")
      }
      findings.append(finding)
      last = finding.order
    }
    return findings
  }

  /// The text of a file: one finding a line; of several with one place in the order the first in
  /// byte order.
  public static func text(_ findings: [Finding]) -> [UInt8] {
    let lines = findings.map { $0.order + [$0.json()] }.sorted(by: precedes)
    var output = ByteBuffer(capacity: findings.count * 512 + 64)
    var last: [[UInt8]] = []
    for line in lines {
      let order = Array(line.dropLast())
      guard order != last, let json = line.last else { continue }
      output.append(json)
      output.append(ASCII.lineFeed)
      last = order
    }
    return output.bytes.copied()
  }
}

private func precedes(_ left: [[UInt8]], _ right: [[UInt8]]) -> Bool {
  left.lexicographicallyPrecedes(right) { $0.lexicographicallyPrecedes($1) }
}

extension StoredDataset {
  /// What became of log files.
  public var validatedLogs: ValidationFiles<ValidatedLog> {
    ValidationFiles(self, .validatedLogs)
  }

  /// What became of digests.
  public var validatedDigests: ValidationFiles<ValidatedDigest> {
    ValidationFiles(self, .validatedDigests)
  }
}
