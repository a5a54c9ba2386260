import Bytes
import Dataset

/// Ends a commit whose journal is damaged, or names bytes that are gone, by what the files hold.
///
/// The root that was staged says what each file was to hold, and the root in place what each held
/// before. If every byte of the one is there, the commit is finished; else if every byte of the other
/// is, it is undone. Else nothing is changed. A file that the commit was not about is left to the
/// rest of the repair.
struct JournalRepair {
  private typealias Problem = VerificationReport.Problem

  /// What each file of a dataset holds, as a root says.
  private struct Contents {
    /// The files that describe the rest.
    var own: [Path: FileHash]
    /// Those of outputs.
    var parts: [Path: FileHash] = [:]
    /// A list whose bytes are nowhere, so that the files it names are not known.
    var missingList: Path?

    subscript(path: Path) -> FileHash? { own[path] ?? parts[path] }
  }

  private enum Plan {
    case steps([JournalStep])
    /// The bytes of this file are nowhere.
    case impossible(Path)
  }

  private let layout: DatasetLayout
  private let staged: StagedFiles

  /// - Throws: `FileError`; `Stopped`.
  /// - Complexity: O(bytes that are staged).
  init(_ layout: DatasetLayout) throws {
    self.layout = layout
    staged = try StagedFiles(layout)
  }

  /// Whether an error of a recovery is about the journal itself or about what it names.
  static func concerns(_ error: any Error, _ layout: DatasetLayout) -> Bool {
    switch error {
    case DatasetError.cannotFinish: true
    case DatasetError.damaged(layout.journal, _): true
    case let error as FileError: error.isDamage
    default: false
    }
  }

  /// Finishes the commit or undoes it.
  ///
  /// - Returns: What was done, to be said once.
  /// - Throws: `DatasetError.cannotEnd` when neither is possible, nothing is changed then; what a
  ///   recovery throws; `Stopped`.
  /// - Complexity: O(bytes of the dataset) in time, O(its files) in memory.
  func run() throws -> VerificationReport.Problem {
    let old = try? Manifest(of: layout)
    let before = try old.map(contents)
    var missing = layout.manifest
    for (path, root) in staged.roots {
      let after = try contents(of: root)
      switch try plan(for: after, from: before) {
      case .impossible(let path): missing = path
      case .steps(let steps):
        let hash = FileHash(of: root.json().span)
        try take(steps + [.put(DatasetFile.manifest.path, from: path, hash)])
        return problem(
          "the commit that it was about is finished, since all bytes of it were there", .nothing)
      }
    }
    guard let before else { throw DatasetError.cannotEnd(layout.root, missing) }
    switch try plan(for: before, from: begun()) {
    case .steps(let steps):
      try take(steps)
      return problem(
        staged.roots.isEmpty
          ? "the dataset is whole without it"
          : "the commit that it was about is undone, and its files count as not read", .run)
    case .impossible(let path):
      // With nothing staged there is nothing that could be lost: the rest of the repair says what is.
      guard staged.isEmpty else { throw DatasetError.cannotEnd(layout.root, path) }
      try Commit.abandon(layout)
      return problem("neither what it was to put in place nor what was there before is whole", .run)
    }
  }

  private func problem(
    _ what: String, _ remedy: VerificationReport.Remedy
  ) -> VerificationReport.Problem {
    Problem(path: DatasetFile.journal.path, what: "could not be followed: \(what)", remedy: remedy)
  }

  /// Takes steps as a commit does: a repair that dies is finished by the next run.
  private func take(_ steps: [JournalStep]) throws {
    if steps.isEmpty { return try Commit.abandon(layout) }
    try Journal(steps).write(layout)
    try Commit.recover(layout)
  }

  // MARK: What is to be

  private func contents(of root: Manifest) throws -> Contents {
    var contents = Contents(own: root.files)
    for file in root.files(where: { $0 }) {
      guard case .partitions = file, let hash = root.files[file.path] else { continue }
      try StopSignal.check()
      let path = try [file.path, staged.path(of: hash)].compactMap { $0 }
        .map { layout.root.appending($0) }.first { try hash.isHash(ofFileAt: $0) }
      guard let path, let list = try? PartitionList(FileSystem.contents(of: path), path: path)
      else {
        contents.missingList = file.path
        continue
      }
      for (folder, parts) in list.partitions {
        for part in parts { contents.parts[folder.appending(part.name)] = part.fileHash }
      }
    }
    return contents
  }

  /// What the commit was to make of the dataset, as far as anything tells: what it put in place is
  /// removed when it is undone.
  private func begun() throws -> Contents {
    var contents =
      try staged.roots.first.map { try self.contents(of: $0.manifest) }
      ?? Contents(own: [:])
    try (try? Journal(layout))?.steps.pass { step in
      guard case .put(let path, _, let hash) = step, path != DatasetFile.manifest.path else {
        return
      }
      contents.parts[path] = hash
    }
    return contents
  }

  // MARK: What is to be done

  /// The steps that make the dataset hold `wanted`, the root aside, where it may hold `other` too.
  private func plan(for wanted: Contents, from other: Contents?) throws -> Plan {
    if let list = wanted.missingList { return .impossible(list) }
    var staged = staged
    var steps: [JournalStep] = []
    for (files, others) in [(wanted.parts, other?.parts), (wanted.own, other?.own)] {
      for path in Set(files.keys).union((others ?? [:]).keys).sorted() {
        try StopSignal.check()
        guard let hash = files[path] else {
          // What is not as it was committed is not ours to remove.
          let isOurs =
            try wanted[path] == nil
            && others?[path]?.isHash(ofFileAt: layout.root.appending(path)) == true
          if isOurs { steps.append(.remove(path)) }
          continue
        }
        let stays = others?[path] == hash
        if try isThere(path, hash, checkingBytes: !stays) { continue }
        if let file = staged.take(hash) {
          steps.append(.put(path, from: file, hash))
        } else if !stays {
          return .impossible(path)
        }
      }
    }
    return .steps(steps)
  }

  private func isThere(
    _ path: Path, _ hash: FileHash, checkingBytes: Bool
  ) throws -> Bool {
    let path = layout.root.appending(path)
    if checkingBytes { return try hash.isHash(ofFileAt: path) }
    return try FileSystem.isThere(path) && FileSystem.status(path).byteCount == hash.byteCount
  }
}
