package import Bytes

/// One change that turns the committed state into the next; paths are relative to the dataset.
package enum JournalStep: Equatable {
  /// Makes the target be these bytes: they are in the staged file, or in the target already.
  case put(Path, from: Path, FileHash)
  /// Removes a file, and its folders up to the dataset if they are then empty.
  case remove(Path)
  /// Lets a staged folder take the place of a partition's folder in one step, where the file system
  /// can, so that readers see several files change at once. The files' own steps follow.
  case switchFolder(Path, with: Path)

  /// The file or folder that the step changes.
  var target: Path {
    switch self {
    case .put(let target, _, _), .remove(let target), .switchFolder(let target, _): target
    }
  }

  /// The folder whose files the step changes.
  var folder: Path {
    switch self {
    case .put(let target, _, _), .remove(let target): target.parent
    case .switchFolder(let target, _): target
    }
  }

  /// Where the step takes what is new from.
  var staged: Path? {
    switch self {
    case .put(_, let staged, _), .switchFolder(_, let staged): staged
    case .remove: nil
    }
  }

  package var json: [UInt8] {
    var line = JSONObjectWriter()
    switch self {
    case .put(let target, let staged, let hash):
      line.add("put", bytes: target.bytes)
      line.add("staged", bytes: staged.bytes)
      line.add("bytes", hash.byteCount)
      line.add("sha256", hash.sha256.hex)
    case .remove(let target):
      line.add("remove", bytes: target.bytes)
    case .switchFolder(let target, let staged):
      line.add("switch", bytes: target.bytes)
      line.add("staged", bytes: staged.bytes)
    }
    return line.finish()
  }

  package init?(json: Span<UInt8>) {
    guard let line = try? JSONObject(json) else { return nil }
    let path = { (key: String) in line.bytes(key).map { Path(bytes: $0) } }
    switch (path("put"), path("remove"), path("switch"), path("staged")) {
    case (let target?, nil, nil, let staged?):
      guard let byteCount = line.integer("bytes"), byteCount >= 0,
        let hash = line.sha256("sha256")
      else { return nil }
      self = .put(target, from: staged, FileHash(byteCount: byteCount, sha256: hash))
    case (nil, let target?, nil, nil): self = .remove(target)
    case (nil, nil, let target?, let staged?): self = .switchFolder(target, with: staged)
    default: return nil
    }
  }

  /// Whether the step changes nothing but what a commit may change, and takes it from the staging
  /// area: whoever can write to the dataset can write a journal, too.
  package var isInside: Bool {
    DatasetLayout.isCommitted(target) && (staged.map(DatasetLayout.isStaged) ?? true)
      && max(target.bytes.count, staged?.bytes.count ?? 0) < JournalStep.pathLimit
  }

  /// Linux takes no path of this many bytes, so no run made one.
  private static let pathLimit = 4096
}
