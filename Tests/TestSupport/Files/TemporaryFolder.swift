import Bytes
import Foundation

/// Where temporary folders are made: in memory where the machine has room for them, so that no test
/// waits for the disk.
public let temporaryRoot: String = {
  let memory = "/dev/shm"
  guard (try? FileSystem.checkWritable(Path(memory))) != nil,
    let system = try? FileManager.default.attributesOfFileSystem(forPath: memory),
    let free = system[.systemFreeSize] as? NSNumber, free.int64Value > 2 << 30
  else { return "/tmp" }
  return memory
}()

/// A new folder below `temporaryRoot`, removed with all its files at the end.
public final class TemporaryFolder: Sendable {
  public let path: String

  /// - Throws: `FileError` if the folder cannot be made.
  public init() throws {
    var random = SystemRandomNumberGenerator()
    path =
      "\(temporaryRoot)/trailmerge-test-\(ProcessInfo.processInfo.processIdentifier)-"
      + String(random.next() as UInt64, radix: 36)
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
