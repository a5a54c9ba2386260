import Bytes
import CloudTrail

/// A manifest of version 1 or 2, which had all cells and partitions in itself.
struct OldManifest {
  static let versions = 1...2

  /// Whether a dataset's manifest is of one of these versions.
  ///
  /// - Complexity: O(1): its first bytes say so, and a present one is not read twice.
  static func isThere(_ layout: DatasetLayout) throws -> Bool {
    guard try FileSystem.isThere(layout.manifest) else { return false }
    try layout.manifest.checkIsOurFile()
    var start = ByteBuffer(capacity: 32)
    _ = try OpenFile(layout.manifest).read(32, at: 0, into: &start)
    let text = start.bytes.text()
    return versions.contains { text.hasPrefix("{\"version\":\($0),") }
  }

  let job: [String]
  let store: String
  let storeKeys: [PartitionKey]
  let conflictCount: Int
  let rejectedCount: Int
  private(set) var lists: [Period: PartitionList] = [:]

  /// Whether any output is compressed, which was zlib's work.
  var hasGzipOutputs: Bool {
    lists.values.contains { list in
      list.partitions.values.contains { $0.contains { $0.name.hasSuffix(".gz") } }
    }
  }

  /// - Throws: `DatasetError.damaged` or `otherVersion`.
  init(of layout: DatasetLayout) throws {
    let path = layout.manifest
    let bytes = try FileSystem.contents(of: path)
    guard let document = try? JSONObject(bytes.span), let version = document.integer("version")
    else { throw DatasetError.damaged(path, "not JSON") }
    guard OldManifest.versions.contains(version) else {
      throw DatasetError.otherVersion(path, version)
    }
    job = (document.strings("job") ?? []).map { $0.span.text() }
    store = document.string("store") ?? ""
    storeKeys = (document.string("storeKeys") ?? "").split(separator: ",")
      .compactMap { PartitionKey(rawValue: String($0)) }
    conflictCount = document.object("totals")?.integer("conflicts") ?? 0
    rejectedCount = document.object("totals")?.integer("rejected") ?? 0
    guard conflictCount >= 0, rejectedCount >= 0 else {
      throw DatasetError.damaged(path, "its totals")
    }
    for line in (document.array("cells") ?? []) + (document.array("partitions") ?? []) {
      let list = try PartitionList(line, path: path)
      for (cell, summary) in list.cells {
        lists[Period(cell.day), default: PartitionList()].cells[cell] = summary
      }
      for (folder, parts) in list.partitions {
        lists[Period(folder: folder), default: PartitionList()].partitions[folder] = parts
      }
    }
  }
}
