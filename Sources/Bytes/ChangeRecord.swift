import Glibc
import Synchronization

/// A record, for tests, of every change to the file system and every wait for the disk.
///
/// With `TRAILMERGE_RECORD=FILE` each is appended to `FILE` when it has happened, as one line of JSON:
/// what it is, and the paths. A write is followed by its bytes and a line feed. Writes and syncs name
/// their file by its inode, since its path can be another by then. Without the variable a note costs
/// one comparison.
package enum ChangeRecord {
  package enum Change: String, Sendable {
    /// `create` opens a file that may be there, `empty` one that has no bytes from then on.
    case create, empty, write, rename, exchange, link
    case remove, makeFolder, removeFolder
    case syncFile, syncFolder, syncFileSystem
  }

  private static let descriptor: Int32? = open()
  private static let lock = Mutex(())

  /// Notes a change of names, or a wait for a folder.
  static func note(_ change: Change, _ path: Path, to other: Path? = nil) {
    guard let descriptor else { return }
    var line = JSONObjectWriter()
    line.add("change", change.rawValue)
    line.add("path", bytes: path.bytes)
    if let other { line.add("other", bytes: other.bytes) }
    append(line.finish(), to: descriptor)
  }

  /// Notes what happened to an open file.
  static func note(_ change: Change, _ file: borrowing OpenFile) {
    guard let descriptor else { return }
    append(line(change, file).finish(), to: descriptor)
  }

  /// Notes bytes that were written.
  ///
  /// `offset`: nil if they end at the file's current place.
  static func note(_ bytes: Span<UInt8>, in file: borrowing OpenFile, at offset: Int? = nil) {
    guard let descriptor else { return }
    var line = line(.write, file)
    let end = Int(lseek(file.descriptor, 0, SEEK_CUR))
    line.add("offset", offset ?? (end - bytes.count))
    line.add("bytes", bytes.count)
    append(line.finish() + [ASCII.lineFeed] + bytes.copied(), to: descriptor)
  }

  private static func line(_ change: Change, _ file: borrowing OpenFile) -> JSONObjectWriter {
    var line = JSONObjectWriter()
    line.add("change", change.rawValue)
    line.add("path", bytes: file.path.bytes)
    var status = stat()
    _ = unsafe fstat(file.descriptor, &status)
    line.add("file", Int(status.st_ino))
    return line
  }

  private static func append(_ bytes: [UInt8], to descriptor: Int32) {
    lock.withLock { _ in
      let entry = bytes + [ASCII.lineFeed]
      // SAFETY: the kernel reads `count` bytes of the array, during the call only.
      let count = unsafe entry.withUnsafeBytes { raw in
        retrying { unsafe Glibc.write(descriptor, raw.baseAddress, raw.count) }
      }
      precondition(count == entry.count, "the record of changes cannot be written")
    }
  }

  private static func open() -> Int32? {
    // SAFETY: read once, before any thread could change the environment; the kernel copies the path.
    guard let path = unsafe getenv("TRAILMERGE_RECORD") else { return nil }
    let opened = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600 as mode_t)
    precondition(opened >= 0, "the record of changes cannot be opened")
    return opened
  }
}
