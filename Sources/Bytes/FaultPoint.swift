import Glibc
import Synchronization

/// A place where tests make a run die or a disk fill up: before every change to the file system.
///
/// `TRAILMERGE_KILL_BEFORE=n` kills the process before its n-th change, as a power cut would;
/// `TRAILMERGE_FULL_AT=n` makes the n-th and all later writes fail with "no space left". Without
/// the variables a fault point costs one comparison. `TRAILMERGE_WITHOUT_EXCHANGE=1` makes the file
/// system one that cannot let two names change places, as NFS is.
enum FaultPoint {
  private static let killBefore = number("TRAILMERGE_KILL_BEFORE")
  private static let fullAt = number("TRAILMERGE_FULL_AT")
  private static let isActive = killBefore != nil || fullAt != nil
  private static let changes = Atomic<Int>(0)

  /// Counts one change that is about to happen.
  ///
  /// - Throws: "no space left" when a test asks for it and the change needs space.
  static func pass(_ action: String, _ path: Path, needsSpace: Bool = false) throws(FileError) {
    guard isActive else { return }
    let count = changes.add(1, ordering: .relaxed).newValue
    if count == killBefore { kill(getpid(), SIGKILL) }
    if needsSpace, let fullAt, count >= fullAt {
      throw FileError(action, path, code: ENOSPC)
    }
  }

  /// Whether a test asks for a file system that cannot let two names change places.
  static let isWithoutExchange = number("TRAILMERGE_WITHOUT_EXCHANGE") == 1

  private static func number(_ name: String) -> Int? {
    // SAFETY: read once, before any thread could change the environment; the text is copied.
    unsafe getenv(name).flatMap { unsafe Int(String(cString: $0)) }
  }
}
