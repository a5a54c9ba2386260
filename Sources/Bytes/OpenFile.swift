import CLinux
import Glibc

/// What `stat` says of a file.
public struct FileStatus: Sendable, Equatable {
  public enum Kind: Sendable { case file, folder, link, other }
  public var kind: Kind
  public var byteCount: Int
  /// Last modification, nanoseconds since 1970.
  public var modified: Int64
  /// Last change of its bytes, its names or its permissions, nanoseconds since 1970: the system's clock
  /// says it, and no program can set it.
  public var changed: Int64
  public var device: UInt64
  public var inode: UInt64

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    case S_IFLNK: kind = .link
    default: kind = .other
    }
    byteCount = Int(status.st_size)
    modified = FileStatus.nanoseconds(status.st_mtim)
    changed = FileStatus.nanoseconds(status.st_ctim)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// An open file; closes itself.
///
/// Every call is retried when a signal interrupts it.
public struct OpenFile: ~Copyable, Sendable {
  /// How to open.
  public enum Mode: Sendable {
    case reading
    /// Created, or emptied if it exists.
    case writing
    /// Created if absent; read and written at any place.
    case updating
    /// Created where nothing may be yet, not even a link; read and written at any place.
    case creating
  }

  /// Who may read a file that is created, unless the umask forbids it.
  public enum Readers: UInt32, Sendable {
    case owner = 0o600
    case group = 0o640
    case everyone = 0o666
  }

  public let path: Path
  let descriptor: Int32

  /// Opens the file at `path`.
  public init(
    _ path: Path, _ mode: Mode = .reading, readers: Readers = .group
  ) throws(FileError) {
    try self.init(path, name: path, in: AT_FDCWD, mode, readers)
  }

  /// Opens `name` inside an open folder: no path is walked again.
  public init(_ name: [UInt8], in folder: borrowing OpenFolder, _ mode: Mode = .reading)
    throws(FileError)
  {
    try self.init(
      folder.path.appending(name), name: Path(bytes: name), in: folder.descriptor, mode, .group)
  }

  private init(
    _ path: Path, name: Path, in folder: Int32, _ mode: Mode, _ readers: Readers
  ) throws(FileError) {
    let flags: Int32
    switch mode {
    case .reading: flags = O_RDONLY
    case .writing: flags = O_WRONLY | O_CREAT | O_TRUNC
    case .updating: flags = O_RDWR | O_CREAT
    case .creating: flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW
    }
    if mode != .reading { try FaultPoint.pass("create", path, needsSpace: true) }
    // O_NONBLOCK keeps a pipe that took a file's place from blocking; it means nothing for files.
    let opened = unsafe name.withCString { text in
      retrying { unsafe openat(folder, text, flags | O_CLOEXEC | O_NONBLOCK, readers.rawValue) }
    }
    if opened < 0 { throw .last(mode == .reading ? "open" : "create", path) }
    self.path = path
    descriptor = opened
    if mode != .reading { ChangeRecord.note(mode == .writing ? .empty : .create, self) }
  }

  /// Makes an empty file without a name: gone with the process, however that ends.
  ///
  /// `path`: A name that it has for a moment; nothing may have it.
  public static func nameless(_ path: Path) throws(FileError) -> OpenFile {
    let file = try OpenFile(path, .creating, readers: .owner)
    try FileSystem.removeFile(path)
    return file
  }

  deinit {
    close(descriptor)
  }

  /// From now on reading from a pipe waits for what its writer has still to say.
  public func waitForData() {
    let flags = fcntl(descriptor, F_GETFL)
    if flags >= 0 { _ = fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) }
  }

  /// The file's status.
  public func status() throws(FileError) -> FileStatus {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .last("read the status of", path) }
    return FileStatus(status)
  }

  /// Appends up to `byteCount` bytes from the file's current place; 0 at its end.
  public func read(_ byteCount: Int, into buffer: inout ByteBuffer) throws(FileError) -> Int {
    unsafe try buffer.appendRoom(byteCount) { (room) throws(FileError) in
      // SAFETY: the kernel writes at most `room.count` bytes into the room.
      let count = retrying { unsafe Glibc.read(descriptor, room.baseAddress, room.count) }
      if count < 0 { throw .last("read", path) }
      return count
    }
  }

  /// Appends up to `byteCount` bytes from `offset` on; fewer only at the end of the file.
  public func read(_ byteCount: Int, at offset: Int, into buffer: inout ByteBuffer)
    throws(FileError) -> Int
  {
    var total = 0
    while total < byteCount {
      let count = unsafe try buffer.appendRoom(byteCount - total) { (room) throws(FileError) in
        // SAFETY: as in `read(_:into:)`.
        let count = retrying {
          unsafe pread(descriptor, room.baseAddress, room.count, off_t(offset + total))
        }
        if count < 0 { throw .last("read", path) }
        return count
      }
      if count == 0 { break }
      total += count
    }
    return total
  }

  /// Writes all bytes at the file's current place.
  public func write(_ bytes: Span<UInt8>) throws(FileError) {
    try FaultPoint.pass("write to", path, needsSpace: true)
    unsafe try writeAll(bytes) { rest, _ in
      unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
    }
    ChangeRecord.note(bytes, in: self)
  }

  /// Writes all bytes from `offset` on.
  public func write(_ bytes: Span<UInt8>, at offset: Int) throws(FileError) {
    try FaultPoint.pass("write to", path, needsSpace: true)
    unsafe try writeAll(bytes) { rest, done in
      unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
    }
    ChangeRecord.note(bytes, in: self, at: offset)
  }

  private func writeAll(
    _ bytes: Span<UInt8>, _ call: (UnsafeRawBufferPointer, Int) -> Int
  ) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let rest = bytes.extracting(done...)
      // SAFETY: the kernel reads at most `rest.count` bytes of it, during the call only.
      let count = unsafe rest.withUnsafeBytes { raw in retrying { unsafe call(raw, done) } }
      if count < 0 { throw .last("write to", path) }
      done += count
    }
  }

  /// Starts writing the bytes in `range` to the disk without waiting for it.
  public func startWriteback(_ range: Range<Int>) {
    _ = trailmerge_sync_file_range_write(
      descriptor, Int64(range.lowerBound), Int64(range.count))
  }

  /// Waits until the file's bytes are on the disk.
  public func sync() throws(FileError) {
    try FaultPoint.pass("sync", path)
    guard retrying({ Int(fsync(descriptor)) }) == 0 else { throw .last("sync", path) }
    ChangeRecord.note(.syncFile, self)
  }

  /// Waits until everything written to the file's file system is on the disk.
  ///
  /// One call for thousands of new files costs far less than a sync of each.
  public func syncFileSystem() throws(FileError) {
    try FaultPoint.pass("sync the file system of", path)
    guard trailmerge_syncfs(descriptor) == 0 else { throw .last("sync the file system of", path) }
    ChangeRecord.note(.syncFileSystem, self)
  }

  /// Takes the file's advisory lock without waiting; it goes with the process, however that ends.
  ///
  /// - Returns: Whether the lock is held now; false if another process holds it.
  public func tryLock() throws(FileError) -> Bool {
    if retrying({ Int(flock(descriptor, LOCK_EX | LOCK_NB)) }) == 0 { return true }
    if errno == EWOULDBLOCK { return false }
    throw .last("lock", path)
  }

  /// Gives the lock back.
  public func unlock() {
    _ = flock(descriptor, LOCK_UN)
  }
}

/// Repeats a system call for as long as a signal interrupts it.
@inline(__always)
func retrying<Result: BinaryInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}

extension Path {
  /// Lends the path as a C string.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    unsafe bytes.span.withCString(body)
  }
}

extension Span<UInt8> {
  /// Lends the bytes as a C string.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 1) { buffer in
      // SAFETY: the buffer has room for the bytes and the NUL, and outlives the call; CChar and UInt8
      // have one layout.
      unsafe withUnsafeBufferPointer { bytes in
        guard let start = buffer.baseAddress else { preconditionFailure("never empty") }
        if let first = bytes.baseAddress {
          unsafe start.initialize(from: first, count: bytes.count)
        }
        unsafe (start + bytes.count).initialize(to: 0)
        return unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count + 1) { text in
          unsafe body(text)
        }
      }
    }
  }
}
