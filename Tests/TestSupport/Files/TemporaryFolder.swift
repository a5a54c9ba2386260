import Bytes
import Glibc

/// A new folder below the system's temporary folder, removed with all its files at the end.
public final class TemporaryFolder: Sendable {
  public let path: String

  /// `inMemory`: where the machine has such a place, waiting for the disk then costs nothing.
  ///
  /// - Throws: `FileError` if the folder cannot be made.
  public init(inMemory: Bool = false) throws {
    var random = SystemRandomNumberGenerator()
    let name = "trailmerge-test-\(getpid())-" + String(random.next() as UInt64, radix: 36)
    let isMemory = inMemory && (try? FileSystem.checkWritable("/dev/shm")) != nil
    path = (isMemory ? "/dev/shm/" : "/tmp/") + name
    try FileSystem.createFolders(Path(path))
  }

  deinit {
    // A test that made its folder read-only leaves it behind, which harms nobody.
    try? FileSystem.removeTree(Path(path))
  }

  /// Runs `body` with a folder that lives for that long.
  public static func with<Result>(_ body: (TemporaryFolder) throws -> Result) throws -> Result {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    return try body(folder)
  }

  /// The absolute path of `name`, which may hold `/`.
  public func appending(_ name: String) -> String {
    path + "/" + name
  }
}
