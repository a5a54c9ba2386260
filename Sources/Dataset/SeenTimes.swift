public import Bytes

/// When the files of a delivery were last modified, as of the run that took their hashes.
///
/// A hint that saves reading files again, and no part of what the dataset holds: it is outside the tree
/// of hashes, and counts only beside the ledger file that it was written for. The file is `TMSEEN01`,
/// the SHA-256 of the ledger file (32 bytes), and for each of its entries in order nanoseconds since
/// 1970 (8 bytes, little-endian; the least number where no time is known).
public struct SeenTimes: Sendable {
  private static let magic = Array("TMSEEN01".utf8)
  private static let unknown = Int64.min

  private let slot: DeliverySlot
  private let ledger: SHA256Digest
  /// In the order of the ledger.
  private let times: [Int64?]

  /// - Parameters:
  ///   - slot: The delivery.
  ///   - entries: Those of its ledger file.
  ///   - ledger: The hash of that file.
  public init(_ slot: DeliverySlot, _ entries: [Path: LedgerEntry], ledger: SHA256Digest) {
    self.slot = slot
    self.ledger = ledger
    times = entries.sorted { $0.key < $1.key }.map(\.value.modified)
  }

  /// Writes the file; without one the next run takes the hashes again.
  ///
  /// - Throws: `FileError`.
  public func write(to layout: DatasetLayout) throws(FileError) {
    var output = ByteBuffer(capacity: times.count * 8 + 64)
    output.append(SeenTimes.magic)
    for word in [ledger.words.0, ledger.words.1, ledger.words.2, ledger.words.3] {
      output.append(littleEndian: word)
    }
    for time in times {
      output.append(littleEndian: UInt64(bitPattern: time ?? SeenTimes.unknown))
    }
    let path = layout[.seen(slot)]
    try FileSystem.createFolders(path.parent)
    try FileSystem.replaceContents(of: path, with: output.bytes)
  }

  /// Tells the entries of a ledger file when their files were modified, as far as it is known.
  ///
  /// `ledger`: The hash of that file.
  static func add(
    to entries: inout [Path: LedgerEntry], _ slot: DeliverySlot, _ layout: DatasetLayout,
    ledger: SHA256Digest
  ) {
    let start = magic.count + 32
    guard let bytes = try? FileSystem.contents(of: layout[.seen(slot)]),
      bytes.count == start + entries.count * 8, bytes.starts(with: magic)
    else { return }
    let words = (0..<4).map { bytes.span.number(at: magic.count + $0 * 8, as: UInt64.self) }
    guard words == [ledger.words.0, ledger.words.1, ledger.words.2, ledger.words.3] else { return }
    for (place, path) in entries.keys.sorted().enumerated() {
      let time = Int64(bitPattern: bytes.span.number(at: start + place * 8, as: UInt64.self))
      entries[path]?.modified = time == unknown ? nil : time
    }
  }
}
