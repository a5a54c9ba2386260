import Bytes
import Segments
import Synchronization

/// Folders that a walk will come to, listed by its helpers before it does.
///
/// Helpers take the folders in the order of the walk. The walk lists a folder itself that none has
/// begun, so it ends without them, too.
final class FoldersAhead: Sendable {
  typealias Listing = Result<FolderListing, FileError>

  private struct Waiting {
    var number: Int
    var folder: ListedFolder
    /// Whether all that is in it is.
    var isHidden: Bool
  }

  private struct State {
    /// Those that nobody has begun to list, the next one last.
    var waiting: [Waiting] = []
    /// How many have been begun, and not been taken by the walk.
    var begunCount = 0
    var listings: [Int: Listing] = [:]
    /// How many entries they have.
    var entryCount = 0
    var folderCount = 0
    var isClosed = false

    mutating func takeNext() -> Waiting? {
      guard begunCount < FoldersAhead.folderLimit, entryCount < FoldersAhead.entryLimit,
        let next = waiting.popLast()
      else { return nil }
      begunCount += 1
      return next
    }
  }

  /// Which files are looked at; nil for all.
  private let wanted: WantedNames?
  private let state = Mutex(State())
  private let changes = ChangeNotice()

  /// How many folders are listed ahead, unless that many entries are waiting.
  private static let folderLimit = 64
  private static let entryLimit = 100_000

  init(wanting wanted: WantedNames?) {
    self.wanted = wanted
  }

  // MARK: The walk

  /// Adds folders that come before all others.
  ///
  /// - Parameter folders: In the order of the walk; of each whether all that is in it is hidden.
  /// - Returns: The number of the first; the others follow.
  func add(_ folders: [(ListedFolder, isHidden: Bool)]) -> Int {
    let first = state.withLock { state in
      let first = state.folderCount
      state.folderCount += folders.count
      for (place, (folder, isHidden)) in folders.enumerated().reversed() {
        state.waiting.append(
          Waiting(number: first + place, folder: folder, isHidden: isHidden))
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
      let (listing, next) = state.withLock { state -> (Listing?, Waiting?) in
        if let listing = state.listings.removeValue(forKey: number) {
          state.begunCount -= 1
          state.entryCount -= FoldersAhead.entryCount(listing)
          return (listing, nil)
        }
        guard state.waiting.last?.number == number else { return (nil, nil) }
        return (nil, state.waiting.popLast())
      }
      if let listing {
        changes.announce()
        return listing
      }
      if let next { return list(next) }
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
    guard let next = state.withLock({ $0.takeNext() }) else { return false }
    let listing = list(next)
    state.withLock { state in
      state.listings[next.number] = listing
      state.entryCount += FoldersAhead.entryCount(listing)
    }
    changes.announce()
    return true
  }

  private func list(_ next: Waiting) -> Listing {
    // What is hidden counts by its folder, not by its name.
    let isWanted = next.isHidden ? nil : wanted?(next.folder)
    return Listing { () throws(FileError) in
      try FolderListing(of: next.folder.path, wanting: isWanted)
    }
  }

  private static func entryCount(_ listing: Listing) -> Int {
    (try? listing.get().entries.count) ?? 0
  }
}
