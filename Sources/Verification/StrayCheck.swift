import Bytes
import CloudTrail
import Dataset

/// Finds files below the dataset's folder that nobody committed.
///
/// What an engine would read with the rest is a problem. Hidden names, which no engine reads, and
/// what a run that died left for the next one to remove, are worth a note.
struct StrayCheck {
  private let layout: DatasetLayout
  private let committed: Set<Path>
  private var problems: [VerificationReport.Problem] = []
  private var notes: [VerificationReport.Problem] = []

  init(_ layout: DatasetLayout, _ manifest: Manifest) {
    self.layout = layout
    var committed: Set<Path> = []
    for (folder, parts) in manifest.partitions {
      for part in parts { committed.insert(folder.appending(part.name)) }
    }
    // The side files have a check of their own.
    for name in ["manifest.json", "lock", "conflicts.ndjson", "rejected.ndjson"] {
      committed.insert(DatasetLayout.ownFolder.appending(name))
    }
    for cell in manifest.cells.keys {
      let name = DatasetLayout.indexName(cell.family, day: cell.day)
      committed.insert(DatasetLayout.ownFolder.appending("index").appending(name))
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
      if isOurs(path) { continue }
      let isHidden =
        isHidden || entry.name.first == 0x2E
        || (entry.name.first == 0x5F && !path.bytes.starts(with: DatasetLayout.ownFolder.bytes))
      let kind =
        try entry.kind
        ?? FileSystem.status(layout.root.appending(path), followLinks: false).kind
      if kind == .folder {
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
      } else if !committed.contains(path) && !isByDay(path) {
        problems.append(.init(path: path, what: "was not committed", remedy: .remove))
      }
    }
  }

  /// The reports.
  private func isOurs(_ path: Path) -> Bool { path == DatasetLayout.ownFolder.appending("runs") }

  /// Files of the ledger and of what validations found, which have checks of their own: only the
  /// inputs' dates name them.
  private func isByDay(_ path: Path) -> Bool {
    [layout.ledger, layout.validatedLogs, layout.validatedDigests].contains(
      layout.root.appending(path).parent)
      && DatasetLayout.isLedgerName(Path(bytes: path.lastComponent).description)
  }

  private func isLeftover(_ path: Path) -> Bool {
    let own = DatasetLayout.ownFolder
    return path == own.appending("staging") || path == own.appending("temporary")
  }
}
