import Bytes
public import CloudTrail

/// Finds out from the files of a dataset what it holds, where its manifest or a list is damaged.
///
/// A rebuilt dataset removes what it does not write again: this is how it knows.
struct DatasetScan {
  private let layout: DatasetLayout
  private var files: [Path: FileHash] = [:]
  private var lists: [Period: PartitionList] = [:]
  /// The outputs' files that are there, with their lengths.
  private var parts: [Path: Int] = [:]
  private var totals = Manifest.Totals()
  private var hasDamagedList = false

  private init(_ layout: DatasetLayout) {
    self.layout = layout
  }

  /// The dataset that the files make up.
  ///
  /// - Parameters:
  ///   - layout: Where they are.
  ///   - store: The output that has the records by cell, as far as the job says.
  ///   - keys: Its partition keys.
  /// - Returns: The dataset; one that is unreadable where the lists do not name the files.
  /// - Throws: `FileError`, `Stopped`.
  /// - Complexity: O(files), and O(bytes) of those below our own folder.
  static func dataset(
    _ layout: DatasetLayout, store: String, keys: [PartitionKey]
  ) throws -> StoredDataset {
    var scan = DatasetScan(layout)
    try scan.walk("")
    var manifest = Manifest()
    (manifest.files, manifest.totals) = (scan.files, scan.totals)
    (manifest.store, manifest.storeKeys) = (store, keys)
    for list in scan.lists.values { manifest.totals.replace(Manifest.Totals(), with: list.totals) }
    if !scan.hasDamagedList && scan.hasAllParts { return StoredDataset(layout, manifest) }
    return StoredDataset(layout, manifest, namedOnly: scan.listsOfNames)
  }

  private mutating func walk(_ folder: Path) throws {
    for entry in try OpenFolder(layout.root.appending(folder)).entries() {
      try StopSignal.check()
      let path = folder.appending(entry.name)
      let status = try FileSystem.status(layout.root.appending(path), followLinks: false)
      switch status.kind {
      case .folder: if isOurs(path) { try walk(path) }
      case .file: try add(path, status.byteCount)
      case .link, .other: break
      }
    }
  }

  /// Whether a folder can have files of the dataset.
  private func isOurs(_ path: Path) -> Bool {
    if path == DatasetLayout.ownFolder { return true }
    if path.isAt(orBelow: DatasetLayout.ownFolder) {
      return DatasetLayout.isCommitted(path) && path != DatasetFile.Folder.damaged
    }
    return path.lastComponent.first != ASCII.dot && path.lastComponent.first != ASCII.underscore
  }

  private mutating func add(_ path: Path, _ byteCount: Int) throws {
    guard let file = DatasetFile(path: path) else { return }
    switch file {
    case .part: parts[path] = byteCount
    case .partitions(let period):
      let bytes = try FileSystem.contents(of: layout.root.appending(path))
      files[path] = FileHash(of: bytes.span)
      if let list = try? PartitionList(bytes, path: path) {
        lists[period] = list
      } else {
        hasDamagedList = true
      }
    case .conflicts, .ofDelivery, .index, .identities, .publicKeys:
      var lineCount = 0
      files[path] = try FileHash(ofFileAt: layout.root.appending(path)) { bytes in
        for place in bytes.indices where bytes[place] == ASCII.lineFeed { lineCount += 1 }
      }
      if case .conflicts = file { totals.conflictCount += lineCount }
      if case .ofDelivery(.rejected, _) = file { totals.rejectedCount += lineCount }
    case .manifest, .lock, .journal, .seen, .report, .lastCommit: break
    }
  }

  /// Whether the lists name exactly the outputs' files that are there.
  private var hasAllParts: Bool {
    var listed: [Path: Int] = [:]
    for list in lists.values {
      for (folder, parts) in list.partitions {
        for part in parts { listed[folder.appending(part.name)] = part.byteCount }
      }
    }
    return listed == parts
  }

  /// Lists that name the files that are there, and know nothing of them.
  private var listsOfNames: [Period: PartitionList] {
    let nothing = SHA256Digest(words: (0, 0, 0, 0))
    var lists: [Period: PartitionList] = [:]
    for (path, byteCount) in parts.sorted(by: { $0.key < $1.key }) {
      let part = OutputPart(
        name: Path(bytes: path.lastComponent).description, byteCount: byteCount, recordCount: 0,
        hash: nothing, firstTime: EventTime(seconds: 0), lastTime: EventTime(seconds: 0))
      lists[Period(folder: path.parent), default: PartitionList()]
        .partitions[path.parent, default: []].append(part)
    }
    return lists
  }
}

extension StoredDataset {
  /// A dataset whose manifest or lists are damaged, as its files tell.
  ///
  /// Where the lists are whole and name the files that are there, they are believed. Else nothing is
  /// but the names of the files: what it holds nobody can tell.
  ///
  /// - Parameters:
  ///   - layout: Where the files are.
  ///   - store: The output that has the records by cell, as far as the job says.
  ///   - keys: Its partition keys.
  /// - Returns: The dataset, perhaps an unreadable one.
  /// - Throws: `FileError`, `Stopped`.
  public static func scanned(
    _ layout: DatasetLayout, store: String, keys: [PartitionKey]
  ) throws -> StoredDataset {
    try DatasetScan.dataset(layout, store: store, keys: keys)
  }
}
