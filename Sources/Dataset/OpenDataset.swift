public import Bytes

/// A dataset that no other run can touch for as long as this is there.
public struct OpenDataset: ~Copyable {
  public let layout: DatasetLayout
  private let lock: DatasetLock
  /// What a run would have reported that died in its commit.
  public let pendingReport: PendingReport?

  /// Makes the folder if there is none, takes the lock, and finishes or undoes what a run left that
  /// did not come to its end.
  ///
  /// - Parameters:
  ///   - folder: The dataset's folder.
  ///   - seconds: How long to wait for another run.
  ///   - isRebuild: Whether nothing of what the dataset holds is needed: a commit that cannot be
  ///     finished is then forgotten.
  /// - Returns: The dataset, as the last whole commit left it.
  /// - Throws: `DatasetError.locked` when another run holds the lock for longer, or until a signal asks
  ///   to stop; `FileError`; what recovery throws.
  public static func open(
    _ folder: Path, lockWait seconds: Int, isRebuild: Bool
  ) throws -> OpenDataset {
    let layout = DatasetLayout(folder)
    try FileSystem.createFolders(layout.own)
    try layout.checkLinks()
    let lock = try DatasetLock(layout, waiting: seconds)
    do {
      try Commit.recover(layout)
    } catch let error as DatasetError {
      guard isRebuild else { throw error }
      try Commit.abandon(layout)
    } catch let error as FileError {
      // Names of a journal that no file system takes, or something else in the place of a file.
      guard isRebuild, error.isDamage else { throw error }
      try Commit.abandon(layout)
    }
    var pending: PendingReport?
    do {
      // Before an upgrade, which makes another root.
      pending = try PendingReport(layout)
      try Upgrade.run(layout)
    } catch let error as DatasetError {
      guard isRebuild else { throw error }
    }
    return OpenDataset(layout, lock, pending)
  }

  private init(
    _ layout: DatasetLayout, _ lock: consuming DatasetLock, _ pendingReport: PendingReport?
  ) {
    self.layout = layout
    self.lock = lock
    self.pendingReport = pendingReport
  }

  /// Finishes or undoes the commit of a run that did not come to its end, and removes what it staged.
  public borrowing func recover() throws {
    try Commit.recover(layout)
  }

  /// Lets other runs in; so does the end of the process.
  public borrowing func release() {
    lock.release()
  }
}
