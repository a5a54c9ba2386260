import CLinux
import Glibc

/// Changes to the file system that are not about one open file.
public enum FileSystem {
  /// The status of what `path` names.
  ///
  /// - Throws: Also when nothing is there, with `isNotFound`.
  public static func status(_ path: Path, followLinks: Bool = true) throws(FileError) -> FileStatus
  {
    var status = stat()
    let result = unsafe path.withCString { text in
      unsafe followLinks ? stat(text, &status) : lstat(text, &status)
    }
    guard result == 0 else { throw .last("read the status of", path) }
    return FileStatus(status)
  }

  /// The mount that what `path` names is on; links are followed.
  public static func mount(of path: Path) throws(FileError) -> MountID {
    var mount = MountID()
    let result = unsafe path.withCString { text in
      unsafe trailmerge_mount(text, &mount.device, &mount.number)
    }
    // A kernel or a sandbox without statx.
    if result != 0 && errno == ENOSYS { return MountID(device: try status(path).device) }
    guard result == 0 else { throw .last("read the status of", path) }
    return mount
  }

  /// Whether anything is at `path`.
  ///
  /// True also when the system cannot know, without permission or the disk: whoever opens
  /// the file then learns why, and nothing takes a dataset out of reach for a new one.
  public static func exists(_ path: Path) -> Bool {
    unsafe path.withCString { unsafe access($0, F_OK) } == 0
      || (errno != ENOENT && errno != ENOTDIR)
  }

  /// Whether anything is at `path`.
  ///
  /// - Throws: When the system cannot know, without permission or the disk.
  public static func isThere(_ path: Path) throws(FileError) -> Bool {
    do {
      _ = try status(path)
      return true
    } catch {
      guard error.isNotFound else { throw error }
      return false
    }
  }

  /// Checks that this process may read the file at `path`, without opening it.
  public static func checkReadable(_ path: Path) throws(FileError) {
    if unsafe path.withCString({ unsafe access($0, R_OK) }) != 0 { throw .last("open", path) }
  }

  /// Checks that this process may create files in the folder at `path`.
  public static func checkWritable(_ path: Path) throws(FileError) {
    if unsafe path.withCString({ unsafe access($0, W_OK | X_OK) }) != 0 {
      throw .last("write to", path)
    }
  }

  /// Makes a folder and those above it, readable by the owner and the group only.
  public static func createFolders(_ path: Path) throws(FileError) {
    if unsafe path.withCString({ unsafe access($0, F_OK) }) == 0 {
      guard try status(path).kind == .folder else {
        throw FileError("create the folder", path, code: ENOTDIR)
      }
      return
    }
    if path.parent != path, path.bytes != [ASCII.dot] { try createFolders(path.parent) }
    try FaultPoint.pass("create the folder", path, needsSpace: true)
    if unsafe path.withCString({ unsafe mkdir($0, 0o750) }) != 0 {
      if errno == EEXIST { return }
      throw .last("create the folder", path)
    }
    ChangeRecord.note(.makeFolder, path)
  }

  /// Makes a folder of a random name inside `parent`, for its owner alone.
  ///
  /// `parent` may be a folder that everybody writes to: no other user can put anything into the new
  /// folder, nor know its name before.
  public static func createTemporaryFolder(in parent: Path) throws(FileError) -> Path {
    try FaultPoint.pass("create a folder in", parent, needsSpace: true)
    let template = parent.appending("\(temporaryFolderStart)XXXXXX")
    var name = template.bytes.map { CChar(bitPattern: $0) } + [0]
    // SAFETY: `mkdtemp` changes the six last characters before the NUL, in place.
    let isMade = unsafe name.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("never empty") }
      return unsafe mkdtemp(start) != nil
    }
    guard isMade else { throw .last("create a folder in", parent) }
    let folder = Path(bytes: name.dropLast().map { UInt8(bitPattern: $0) })
    ChangeRecord.note(.makeFolder, folder)
    return folder
  }

  private static let temporaryFolderStart = "trailmerge-"

  /// Whether a name could be that of a folder that `createTemporaryFolder(in:)` made.
  public static func isTemporaryFolder(_ name: [UInt8]) -> Bool {
    let start = temporaryFolderStart.utf8
    return name.count == start.count + 6 && name.starts(with: start)
  }

  /// Gives `source` the name `target`, replacing a file that has it, in one step.
  public static func rename(_ source: Path, to target: Path) throws(FileError) {
    try FaultPoint.pass("rename to", target)
    let result = unsafe source.withCString { from in
      unsafe target.withCString { to in unsafe Glibc.rename(from, to) }
    }
    guard result == 0 else { throw .last("rename to", target) }
    ChangeRecord.note(.rename, source, to: target)
  }

  /// Makes `path` another name of the file `existing`, in the place of the file that has it.
  ///
  /// - Throws: Where the file system has no hard links; `path` is then what it was.
  public static func link(_ path: Path, to existing: Path) throws(FileError) {
    try FaultPoint.pass("link", path)
    let temporary = Path(bytes: path.bytes + Array(".tmp".utf8))
    let result = unsafe existing.withCString { from in
      unsafe temporary.withCString { to in unsafe Glibc.link(from, to) }
    }
    guard result == 0 else { throw .last("link", path) }
    ChangeRecord.note(.link, existing, to: temporary)
    try rename(temporary, to: path)
  }

  /// Puts a folder in the place of the file at `path`, and the file into it as `name`.
  ///
  /// For files that nobody reads yet: for an instant nothing is at `path`.
  public static func putIntoFolder(_ path: Path, as name: String) throws(FileError) {
    let aside = Path(bytes: path.bytes + Array(".tmp".utf8))
    try rename(path, to: aside)
    try createFolders(path)
    try rename(aside, to: path.appending(name))
  }

  /// Lets two names change places in one step.
  ///
  /// - Throws: `isUnsupported` where the file system cannot.
  public static func exchange(_ first: Path, _ second: Path) throws(FileError) {
    try FaultPoint.pass("exchange", second)
    if FaultPoint.isWithoutExchange { throw FileError("exchange", second, code: ENOSYS) }
    let result = unsafe first.withCString { from in
      unsafe second.withCString { to in
        unsafe trailmerge_rename_exchange(from, to)
      }
    }
    guard result == 0 else { throw .last("exchange", second) }
    ChangeRecord.note(.exchange, first, to: second)
  }

  /// Removes a file; fine if it is not there.
  public static func removeFile(_ path: Path) throws(FileError) {
    try FaultPoint.pass("remove", path)
    if unsafe path.withCString({ unsafe unlink($0) }) != 0 {
      if errno == ENOENT { return }
      throw .last("remove", path)
    }
    ChangeRecord.note(.remove, path)
  }

  /// Removes a folder if it is empty.
  ///
  /// - Returns: Whether it is gone.
  @discardableResult
  public static func removeEmptyFolder(_ path: Path) throws(FileError) -> Bool {
    try FaultPoint.pass("remove", path)
    if unsafe path.withCString({ unsafe rmdir($0) }) == 0 {
      ChangeRecord.note(.removeFolder, path)
      return true
    }
    if errno == ENOENT { return true }
    if errno == ENOTEMPTY || errno == EEXIST { return false }
    throw .last("remove the folder", path)
  }

  /// Removes a folder with all that is in it; links are removed, not followed.
  public static func removeTree(_ path: Path) throws(FileError) {
    let kind: FileStatus.Kind
    do {
      kind = try status(path, followLinks: false).kind
    } catch {
      if error.isNotFound { return }
      throw error
    }
    guard kind == .folder else { return try removeFile(path) }
    for entry in try OpenFolder(path).entries() {
      try removeTree(path.appending(entry.name))
    }
    try removeEmptyFolder(path)
  }

  /// The whole file at `path`; of more than `limit` bytes, an error.
  ///
  /// - Complexity: O(file size) in time and memory: for small files of our own.
  public static func contents(of path: Path, limit: Int = .max) throws(FileError) -> [UInt8] {
    let file = try OpenFile(path)
    file.waitForData()
    var buffer = ByteBuffer(capacity: try file.status().byteCount + 1)
    while try file.read(max(64 << 10, buffer.room), into: &buffer) > 0 {
      if buffer.count > limit { throw FileError("read", path, code: EFBIG) }
    }
    return buffer.bytes.copied()
  }

  /// Writes a file so that it is whole or not there at all: temporary name, sync, rename.
  ///
  /// After a power cut it is the file before or after: only a sync of the folder decides.
  ///
  /// What a link leads to is replaced, not the link. A device or a pipe is no file to replace: it is
  /// written to. A link with the temporary name is not followed.
  ///
  /// `temporary`: A name in the same folder, for files that each have a new name: what a run leaves
  /// that dies here is then replaced by the next.
  public static func writeAtomically(
    _ bytes: Span<UInt8>, to path: Path, temporary: Path? = nil,
    readers: OpenFile.Readers = .group
  ) throws(FileError) {
    if let kind = try? status(path).kind, kind == .other {
      return try OpenFile(path, .writing).write(bytes)
    }
    let path = (try? resolved(path)) ?? path
    try replace(path, with: bytes, temporary, readers, syncs: true)
  }

  /// Gives a file that nobody would miss other bytes, in one step; nothing waits for the disk.
  public static func replaceContents(
    of path: Path, with bytes: Span<UInt8>
  ) throws(FileError) {
    try replace(path, with: bytes, nil, .group, syncs: false)
  }

  private static func replace(
    _ path: Path, with bytes: Span<UInt8>, _ temporary: Path?, _ readers: OpenFile.Readers,
    syncs: Bool
  ) throws(FileError) {
    let temporary = temporary ?? Path(bytes: path.bytes + Array(".tmp".utf8))
    do {
      // A run that was killed may have left one, of other bytes and for other readers.
      try removeFile(temporary)
      let file = try OpenFile(temporary, .creating, readers: readers)
      try file.write(bytes)
      if syncs { try file.sync() }
      try rename(temporary, to: path)
    } catch {
      try? removeFile(temporary)
      throw error
    }
  }

  /// Whether a link is at `path`.
  public static func isLink(_ path: Path) throws(FileError) -> Bool {
    try status(path, followLinks: false).kind == .link
  }

  /// `path` made absolute, its links resolved.
  public static func resolved(_ path: Path) throws(FileError) -> Path {
    let found: Path? = unsafe path.withCString { text in
      guard let real = unsafe realpath(text, nil) else { return nil }
      defer { unsafe free(real) }
      // SAFETY: `realpath` gives a C string; its bytes are copied, valid UTF-8 or not.
      let length = unsafe strlen(real)
      return unsafe real.withMemoryRebound(to: UInt8.self, capacity: length) { start in
        unsafe Path(bytes: Array(UnsafeBufferPointer(start: start, count: length)))
      }
    }
    guard let found else { throw .last("resolve", path) }
    return found
  }

  /// Where an input is, in the form in which the paths of its files begin.
  ///
  /// A folder's links are resolved. A file keeps its own name, which can be that of a link.
  public static func place(ofInput path: Path) throws(FileError) -> Path {
    if try status(path).kind == .folder { return try resolved(path) }
    return try resolved(path.parent).appending(path.lastComponent)
  }
}

/// One file system as it is mounted in one place: only inside it can files be renamed.
public struct MountID: Hashable, Sendable {
  public var device: UInt64 = 0
  /// Distinguishes mounts of one device; 0 where the kernel does not say.
  public var number: UInt64 = 0
}
