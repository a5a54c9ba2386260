public import Bytes

extension StoredDataset {
  /// Reads a dataset without its lock, so that a run may commit meanwhile.
  ///
  /// What does not fit the root any more is then read again, from the new root on. A commit that is under
  /// way is waited for.
  ///
  /// - Parameters:
  ///   - folder: The dataset's folder.
  ///   - seconds: How long to wait for one commit.
  ///   - body: Is given the dataset, nil if there is none, and is called again after a commit.
  /// - Throws: `DatasetError.unfinished` for a commit that does not end; `DatasetError` for a dataset that is
  ///   damaged; what `body` throws.
  public static func withoutLock(
    _ folder: Path, waiting seconds: Int = 60, _ body: (StoredDataset?) throws -> Void
  ) throws {
    let layout = DatasetLayout(folder)
    var tenthsLeft = seconds * 10
    var root = try layout.rootHash()
    while let error = failure(of: body, layout) {
      guard isDamage(error) else { throw error }
      // In this order: a journal that is gone by now has made a new root.
      let isCommitting = try FileSystem.isThere(layout.journal)
      let now = try layout.rootHash()
      if now == root {
        guard isCommitting else { throw error }
        guard tenthsLeft > 0 else {
          throw DatasetError.unfinished(folder, "its run is still at work, or died")
        }
        try StopSignal.check()
        Clock.sleep(milliseconds: 100)
        tenthsLeft -= 1
      }
      root = now
    }
  }

  private static func failure(
    of body: (StoredDataset?) throws -> Void, _ layout: DatasetLayout
  ) -> (any Error)? {
    do {
      try body(layout.isDataset() ? StoredDataset(layout) : nil)
      return nil
    } catch {
      return error
    }
  }

  private static func isDamage(_ error: any Error) -> Bool {
    (error as? DatasetError)?.damage != nil || (error as? FileError)?.isNotFound == true
  }
}

extension DatasetLayout {
  /// Whether there is a dataset.
  ///
  /// - Throws: `DatasetError.changedFromOutside` for one without a root.
  fileprivate func isDataset() throws -> Bool {
    if try FileSystem.isThere(manifest) { return true }
    if try hasTree() { throw DatasetError.missing(manifest) }
    return false
  }

  /// The hash of the root; nil if there is none.
  fileprivate func rootHash() throws -> SHA256Digest? {
    guard try FileSystem.isThere(manifest) else { return nil }
    let json = try rootBytes()
    return SHA256Digest(of: json.span)
  }
}
