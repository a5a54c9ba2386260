import Bytes
import CloudTrail
import Dataset

/// Finds files below the dataset's folder that nobody committed.
///
/// What an engine would read with the rest is a problem. Hidden names, which no engine reads, and
/// what a run that died left for the next one to remove, are worth a note.
struct StrayCheck {
  private let layout: DatasetLayout
  /// The hashes of their paths, which may be millions; a seed that nobody knows keeps them apart.
  private let committed: Set<Int>
  private var problems: [VerificationReport.Problem] = []
  private var notes: [VerificationReport.Problem] = []

  init(_ dataset: StoredDataset) {
    layout = dataset.layout
    var committed = Set(dataset.manifest.files.keys.map(\.hashValue))
    for period in dataset.periods {
      guard let list = try? dataset.list(period) else { continue }
      for (folder, files) in list.partitions {
        for file in files { committed.insert(folder.appending(file.name).hashValue) }
      }
    }
    self.committed = committed
  }

  consuming func run() throws -> (
    problems: [VerificationReport.Problem], notes: [VerificationReport.Problem]
  ) {
    try walk("", isHidden: false)
    return (problems, notes)
  }

  private mutating func walk(_ folder: Path, isHidden: Bool) throws {
    let entries: [OpenFolder.Entry]
    do throws(FileError) {
      entries = try OpenFolder(layout.root.appending(folder)).entries()
    } catch {
      return problems.append(.init(path: folder, unreadable: error, remedy: .remove))
    }
    for entry in entries {
      try StopSignal.check()
      let path = folder.appending(entry.name)
      if path == DatasetFile.Folder.runs || path == DatasetFile.Folder.seen { continue }
      let isHidden =
        isHidden || entry.name.first == ASCII.dot
        || (entry.name.first == ASCII.underscore
          && !path.bytes.starts(with: DatasetLayout.ownFolder.bytes))
      let kind =
        try entry.kind
        ?? FileSystem.status(layout.root.appending(path), followLinks: false).kind
      if path == DatasetFile.Folder.damaged {
        notes.append(.init(path: path, what: "has what a repair put aside", remedy: .remove))
      } else if kind == .folder {
        if isLeftover(path) {
          notes.append(
            .init(
              path: path, what: "was left by a run that died; the next removes it",
              remedy: .remove))
        } else {
          try walk(path, isHidden: isHidden)
        }
      } else if isHidden {
        notes.append(.init(path: path, what: "was not committed, but is hidden", remedy: .remove))
      } else if !isCommitted(path) {
        problems.append(.init(path: path, what: "was not committed", remedy: .remove))
      }
    }
  }

  private func isCommitted(_ path: Path) -> Bool {
    committed.contains(path.hashValue)
      || [DatasetFile.manifest.path, DatasetFile.lock.path].contains(path)
  }

  private func isLeftover(_ path: Path) -> Bool {
    [DatasetFile.Folder.staging, DatasetFile.Folder.temporary].contains(path)
  }
}
