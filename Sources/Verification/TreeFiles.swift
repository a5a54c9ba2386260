import Bytes
import CloudTrail
import Dataset

/// The files below our own folder that describe the rest, as they are: for a root that is lost.
struct TreeFiles {
  /// All of them.
  private(set) var hashes: [Path: FileHash] = [:]
  /// The periods whose lists can be read.
  private(set) var periods: [Period] = []
  /// Those that cannot be understood and that the store does not make good.
  private(set) var damaged: [DatasetFile] = []
  /// Lines of the side files.
  private(set) var conflictCount = 0
  private(set) var rejectedCount = 0

  /// Reads all of them.
  ///
  /// - Throws: `FileError`; `Stopped`.
  /// - Complexity: O(bytes), twice.
  init(_ layout: DatasetLayout) throws {
    var manifest = Manifest()
    for folder in DatasetFile.Folder.tree {
      let path = layout.root.appending(folder)
      guard try FileSystem.isThere(path) else { continue }
      for entry in try OpenFolder(path).entries() {
        let file = folder.appending(entry.name)
        let status = try FileSystem.status(layout.root.appending(file), followLinks: false)
        guard status.kind == .file, DatasetFile(path: file) != nil else { continue }
        manifest.files[file] = try FileHash(ofFileAt: layout.root.appending(file))
      }
    }
    if try FileSystem.isThere(layout[.publicKeys]) {
      manifest.files[DatasetFile.publicKeys.path] = try FileHash(ofFileAt: layout[.publicKeys])
    }
    hashes = manifest.files
    let dataset = StoredDataset(layout, manifest)
    for file in manifest.files(where: { $0 }) {
      try StopSignal.check()
      do {
        try check(file, of: dataset)
      } catch is DatasetError {
        damaged.append(file)
      }
    }
  }

  /// Checks that a file can be understood.
  private mutating func check(_ file: DatasetFile, of dataset: StoredDataset) throws {
    switch file {
    case .partitions(let period):
      // A damaged one is made again.
      if (try? dataset.list(period)) != nil { periods.append(period) }
    case .ofDelivery(.ledger, let slot): try Ledger(dataset).forEach(in: slot) { _ in }
    case .ofDelivery(.digests, let slot): try dataset.digests.forEach(in: slot) { _ in }
    case .conflicts: conflictCount += try TreeFiles.lineCount(file, of: dataset)
    case .ofDelivery(.rejected, _): rejectedCount += try TreeFiles.lineCount(file, of: dataset)
    default: break
    }
  }

  /// How many lines a side file has.
  ///
  /// - Throws: `DatasetError` when it is damaged.
  static func lineCount(_ file: DatasetFile, of dataset: StoredDataset) throws -> Int {
    guard let lines = try SideFileReader(file, of: dataset) else { return 0 }
    while try lines.next() {}
    return lines.count
  }
}
