import Bytes
import Segments
import Synchronization

/// Folders that a walk will come to, listed by its helpers before it does.
///
/// Helpers take the folders in the order of the walk. The walk lists a folder itself that none has
/// begun, so it ends without them, too.
final class FoldersAhead: Sendable {
  typealias Listing = Result<FolderListing, FileError>

  private struct State {
    /// Those that nobody has begun to list, the next one last.
    var waiting: [(number: Int, path: Path)] = []
    /// How many have been begun, and not been taken by the walk.
    var begunCount = 0
    var listings: [Int: Listing] = [:]
    /// How many entries they have.
    var entryCount = 0
    var folderCount = 0
    var isClosed = false

    mutating func takeNext() -> (number: Int, path: Path)? {
      guard begunCount < FoldersAhead.folderLimit, entryCount < FoldersAhead.entryLimit,
        let next = waiting.popLast()
      else { return nil }
      begunCount += 1
      return next
    }
  }

  private let state = Mutex(State())
  private let changes = ChangeNotice()

  /// How many folders are listed ahead, unless that many entries are waiting.
  private static let folderLimit = 64
  private static let entryLimit = 100_000

  // MARK: The walk

  /// Adds folders that come before all others.
  ///
  /// - Parameter paths: In the order of the walk.
  /// - Returns: The number of the first; the others follow.
  func add(_ paths: [Path]) -> Int {
    let first = state.withLock { state in
      let first = state.folderCount
      state.folderCount += paths.count
      for (place, path) in paths.enumerated().reversed() {
        state.waiting.append((first + place, path))
      }
      return first
    }
    changes.announce()
    return first
  }

  /// Takes the listing of the folder that comes next.
  ///
  /// - Throws: `Stopped`, when a listing may have been cut off by a signal.
  func take(_ number: Int) throws -> Listing {
    let listing = listing(number)
    try StopSignal.check()
    return listing
  }

  private func listing(_ number: Int) -> Listing {
    while true {
      let changeCount = changes.changeCount
      let (listing, path) = state.withLock { state -> (Listing?, Path?) in
        if let listing = state.listings.removeValue(forKey: number) {
          state.begunCount -= 1
          state.entryCount -= FoldersAhead.entryCount(listing)
          return (listing, nil)
        }
        guard state.waiting.last?.number == number else { return (nil, nil) }
        return (nil, state.waiting.popLast()?.path)
      }
      if let listing {
        changes.announce()
        return listing
      }
      if let path { return FoldersAhead.list(path) }
      // A helper is at it: meanwhile the walk is one, too.
      if !listNext() { changes.wait(after: changeCount) }
    }
  }

  /// Lets the helpers end.
  func close() {
    state.withLock { $0.isClosed = true }
    changes.announce()
  }

  // MARK: Helpers

  /// Lists folders until the walk ends.
  func help() {
    while true {
      let changeCount = changes.changeCount
      if state.withLock({ $0.isClosed }) { return }
      if !listNext() { changes.wait(after: changeCount) }
    }
  }

  /// Lists the next folder that may be; false if there is none.
  private func listNext() -> Bool {
    guard let (number, path) = state.withLock({ $0.takeNext() }) else { return false }
    let listing = FoldersAhead.list(path)
    state.withLock { state in
      state.listings[number] = listing
      state.entryCount += FoldersAhead.entryCount(listing)
    }
    changes.announce()
    return true
  }

  private static func list(_ path: Path) -> Listing {
    Listing { () throws(FileError) in try FolderListing(of: path) }
  }

  private static func entryCount(_ listing: Listing) -> Int {
    (try? listing.get().entries.count) ?? 0
  }
}
