import Glibc
import Synchronization

/// A folder for files without names, in the user's folder for such: made with the first of them.
public final class TemporaryFiles: Sendable {
  private let parent: Path
  private let made = Mutex<Path?>(nil)

  /// `parent`: The folder in which to make it; nil is `TMPDIR`, or `/tmp`.
  public init(in parent: String? = nil) {
    // SAFETY: the environment is not changed while we run, and the text is copied at once.
    let usual = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
    self.parent = Path(parent ?? (usual.isEmpty ? "/tmp" : usual))
  }

  /// A name that a file may have for a moment.
  public func path() throws -> Path {
    try made.withLock { made in
      let folder = try made ?? FileSystem.createTemporaryFolder(in: parent)
      made = folder
      return folder.appending("rows")
    }
  }

  /// Removes the folder; what cannot be removed harms nobody.
  public func remove() {
    made.withLock { made in
      if let made { try? FileSystem.removeTree(made) }
      made = nil
    }
  }
}
