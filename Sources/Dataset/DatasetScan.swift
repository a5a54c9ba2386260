public import Bytes
import CloudTrail

/// Finds the files that a dataset consists of by their names, where its manifest cannot tell.
///
/// A dataset that is made again removes what it does not write again: this is how it knows.
struct DatasetScan {
  private let layout: DatasetLayout
  private var files: [Path: FileHash] = [:]
  private var lists: [Period: PartitionList] = [:]

  private init(_ layout: DatasetLayout) {
    self.layout = layout
  }

  /// The dataset that the files make up.
  ///
  /// - Complexity: O(files).
  static func dataset(_ layout: DatasetLayout) throws -> StoredDataset {
    var scan = DatasetScan(layout)
    try scan.walk("")
    return StoredDataset(layout, files: scan.files, scan.lists)
  }

  private mutating func walk(_ folder: Path) throws {
    for entry in try OpenFolder(layout.root.appending(folder)).entries() {
      try StopSignal.check()
      let path = folder.appending(entry.name)
      let kind =
        try entry.kind
        ?? FileSystem.status(layout.root.appending(path), followLinks: false).kind
      switch kind {
      case .folder: if !isOthers(path) { try walk(path) }
      case .file: add(path)
      case .link, .other: break
      }
    }
  }

  /// Whether a folder is hidden, and not ours.
  private func isOthers(_ path: Path) -> Bool {
    if path.isAt(orBelow: DatasetLayout.ownFolder) {
      return !DatasetLayout.isCommitted(path) && path != DatasetLayout.ownFolder
    }
    return [UInt8(ascii: "."), UInt8(ascii: "_")].contains(path.lastComponent.first)
  }

  private mutating func add(_ path: Path) {
    let nothing = SHA256Digest(words: (0, 0, 0, 0))
    switch DatasetFile(path: path) {
    case .part(let folder, let name):
      let part = OutputPart(
        name: name.text, byteCount: 0, recordCount: 0, hash: nothing,
        firstTime: EventTime(seconds: 0), lastTime: EventTime(seconds: 0))
      lists[Period(folder: folder), default: PartitionList()].partitions[folder, default: []]
        .append(part)
    case .partitions, .conflicts, .ofDelivery, .index:
      files[path] = FileHash(byteCount: 0, sha256: nothing)
    case .manifest, .lock, .journal, .seen, .report, nil: break
    }
  }
}

extension StoredDataset {
  /// A dataset of which nothing is believed but the names of its files: what it holds nobody can
  /// tell.
  public static func scanned(_ layout: DatasetLayout) throws -> StoredDataset {
    try DatasetScan.dataset(layout)
  }
}
