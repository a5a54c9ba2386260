import Bytes

extension Journal {
  /// Takes all steps, when nobody has taken any before.
  package func apply(_ layout: DatasetLayout) throws {
    try apply(layout, done: [])
  }

  /// Takes all steps that were not taken before.
  ///
  /// It goes by what the files hold and by nothing else. So it ends the same on a copy of the
  /// dataset, on any file system, and however often it is cut off itself.
  ///
  /// - Throws: `DatasetError.cannotFinish` when the bytes of a target are in neither place, `link`,
  ///   `otherFileSystem` or `damaged` for steps that no run wrote; nothing is changed then.
  /// - Complexity: reads every file of the commit once.
  package func replay(_ layout: DatasetLayout) throws {
    var folders = try FolderCheck(layout)
    try steps.forEachFolder { try Journal.check($0.map(\.step), layout, &folders) }
    var done = [Bool](repeating: false, count: steps.count)
    var number = 0
    try steps.pass { step in
      try StopSignal.check()
      defer { number += 1 }
      guard case .put(let target, let staged, let hash) = step else { return }
      if try hash.isHash(ofFileAt: layout.root.appending(target)) {
        done[number] = true
      } else if try !hash.isHash(ofFileAt: layout.root.appending(staged)) {
        throw DatasetError.cannotFinish(layout.root, target)
      }
    }
    try apply(layout, done: done)
  }

  /// `done`: Of each step whether the target has its bytes; empty if none has.
  private func apply(_ layout: DatasetLayout, done: [Bool]) throws {
    try steps.forEachFolder { group in
      if !done.isEmpty {
        // A folder that changed places may have brought a link along.
        var folders = try FolderCheck(layout)
        try Journal.check(group.map(\.step), layout, &folders)
      }
      let ready = group.filter { !done.isEmpty && done[$0.number] }.map(\.step.target)
      try Journal.apply(group.map(\.step), layout, done: Set(ready))
    }
  }

  /// Checks that the steps of one folder lead out of the dataset neither where they put things nor
  /// where they take them from: whoever can write to the dataset can write a journal, too.
  private static func check(
    _ steps: [JournalStep], _ layout: DatasetLayout, _ folders: inout FolderCheck
  ) throws {
    try folders.check(steps[0].folder)
    var foldersOfFiles: Set<Path> = []
    for case .put(_, let staged, _) in steps { foldersOfFiles.insert(staged.parent) }
    for step in steps {
      guard let staged = step.staged else { continue }
      try folders.check(staged.parent)
      switch step {
      case .switchFolder:
        guard foldersOfFiles.contains(staged) else {
          throw DatasetError.damaged(layout.journal, "it has no file of the folder \(staged)")
        }
        try layout.checkStaged(staged, is: .folder)
      case .put, .remove:
        try layout.checkStaged(staged, is: .file)
      }
    }
  }

  /// Takes the steps of one folder.
  private static func apply(
    _ steps: [JournalStep], _ layout: DatasetLayout, done: Set<Path>
  ) throws {
    var done = done
    for step in steps {
      switch step {
      case .switchFolder(let target, let staged):
        let folder = FolderSwitch(layout, target, with: staged, steps)
        if folder.files.isDisjoint(with: done), try folder.exchangeIfSupported() {
          done.formUnion(folder.files)
        }
        try folder.giveBackStrays()
      case .put(let target, let staged, _):
        if done.contains(target) { continue }
        try layout.rename(staged, to: target)
      case .remove(let target):
        try FileSystem.removeFile(layout.root.appending(target))
        try layout.removeEmptyFolders(from: target.parent)
      }
    }
  }
}

/// A staged folder and the partition's folder whose place it takes.
private struct FolderSwitch {
  private let layout: DatasetLayout
  private let target: Path
  private let staged: Path
  /// The files that the partition has afterwards.
  let files: Set<Path>
  /// The names that are the partition's, before or after.
  private let names: Set<[UInt8]>

  /// `steps`: those of the partition's files.
  init(_ layout: DatasetLayout, _ target: Path, with staged: Path, _ steps: [JournalStep]) {
    self.layout = layout
    self.target = target
    self.staged = staged
    var files: Set<Path> = []
    var names: Set<[UInt8]> = []
    for step in steps where step.target != target {
      if case .put(let file, _, _) = step { files.insert(file) }
      names.insert(step.target.lastComponent)
    }
    self.files = files
    self.names = names
  }

  /// Lets the folders change places.
  ///
  /// - Returns: False where the file system cannot: the files are then renamed one by one.
  func exchangeIfSupported() throws -> Bool {
    let (from, to) = (layout.root.appending(staged), layout.root.appending(target))
    guard try FileSystem.isThere(from) else { return false }
    guard try FileSystem.isThere(to) else {
      try layout.rename(staged, to: target)
      return true
    }
    do throws(FileError) {
      try FileSystem.exchange(from, to)
      return true
    } catch {
      guard error.isUnsupported else { throw error }
      return false
    }
  }

  /// Moves what a person put into the partition's folder, and what went with it, back into it.
  func giveBackStrays() throws {
    let folder = layout.root.appending(staged)
    guard try FileSystem.isThere(folder) else { return }
    for entry in try OpenFolder(folder).entries() where !names.contains(entry.name) {
      try FileSystem.rename(
        folder.appending(entry.name), to: layout.root.appending(target).appending(entry.name))
    }
  }
}

extension DatasetLayout {
  /// Checks that what is staged, if it still is, is a file or a folder of our own.
  ///
  /// `path`: relative to the dataset.
  fileprivate func checkStaged(_ path: Path, is kind: FileStatus.Kind) throws {
    let staged = root.appending(path)
    let found: FileStatus.Kind
    do throws(FileError) {
      found = try FileSystem.status(staged, followLinks: false).kind
    } catch {
      guard error.isNotFound else { throw error }
      return
    }
    if found == .link { throw DatasetError.link(staged) }
    guard found == kind else {
      throw DatasetError.damaged(journal, "\(path) is not what a run stages")
    }
  }

  /// Gives a staged file or folder its name in the dataset; both paths are relative.
  fileprivate func rename(_ staged: Path, to target: Path) throws {
    let (from, to) = (root.appending(staged), root.appending(target))
    do throws(FileError) {
      try FileSystem.rename(from, to: to)
    } catch {
      // Somebody has removed the folder since it was made.
      guard error.isNotFound else { throw error }
      try FileSystem.createFolders(to.parent)
      try FileSystem.rename(from, to: to)
    }
  }

  /// Removes a folder, and those above it up to the dataset, as far as they are empty.
  ///
  /// `path`: relative to the dataset.
  func removeEmptyFolders(from path: Path) throws {
    var path = path
    while path.bytes.contains(ASCII.slash) {
      let folder = root.appending(path)
      guard try FileSystem.isThere(folder) else {
        path = path.parent
        continue
      }
      guard try FileSystem.removeEmptyFolder(folder) else { return }
      path = path.parent
    }
  }
}
