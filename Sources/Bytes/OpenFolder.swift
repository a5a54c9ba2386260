import Glibc

/// An open folder: its entries are listed and opened relative to it.
public struct OpenFolder: ~Copyable, Sendable {
  public let path: Path
  let descriptor: Int32

  /// Opens the folder at `path`.
  public init(_ path: Path) throws(FileError) {
    let opened = unsafe path.withCString { text in
      retrying { unsafe open(text, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    }
    if opened < 0 { throw .last("open the folder", path) }
    self.path = path
    descriptor = opened
  }

  deinit {
    close(descriptor)
  }

  /// One name in a folder.
  public struct Entry: Sendable {
    public var name: [UInt8]
    /// What the directory says it is; nil where the file system does not say.
    public var kind: FileStatus.Kind?
  }

  /// All entries but `.` and `..`, in no order.
  ///
  /// - Complexity: O(entries).
  public func entries() throws(FileError) -> [Entry] {
    let duplicate = dup(descriptor)
    guard duplicate >= 0 else { throw .last("list", path) }
    guard let stream = unsafe fdopendir(duplicate) else {
      close(duplicate)
      throw .last("list", path)
    }
    defer { unsafe closedir(stream) }
    unsafe rewinddir(stream)
    var entries: [Entry] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        if errno != 0 { throw .last("list", path) }
        return entries
      }
      let name = unsafe nameBytes(entry)
      if name == [ASCII.dot] || name == [ASCII.dot, ASCII.dot] { continue }
      let kind: FileStatus.Kind? =
        switch Int(unsafe entry.pointee.d_type) {
        case Int(DT_REG): .file
        case Int(DT_DIR): .folder
        case Int(DT_LNK): .link
        case Int(DT_UNKNOWN): nil
        default: .other
        }
      entries.append(Entry(name: name, kind: kind))
    }
  }

  private func nameBytes(_ entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
    let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19
    // SAFETY: `d_name` is a C string inside the entry that `readdir` returned.
    let start = unsafe UnsafeRawPointer(entry).advanced(by: offset)
      .assumingMemoryBound(to: UInt8.self)
    let length = unsafe strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))
    return unsafe Array(UnsafeBufferPointer(start: start, count: length))
  }

  /// The status of `name` inside the folder.
  ///
  /// `followLinks`: whether to describe what a link points to, and not the link.
  public func status(of name: [UInt8], followLinks: Bool = true) throws(FileError) -> FileStatus {
    var status = stat()
    let result = unsafe name.span.withCString { text in
      unsafe fstatat(descriptor, text, &status, followLinks ? 0 : AT_SYMLINK_NOFOLLOW)
    }
    guard result == 0 else { throw .last("read the status of", path.appending(name)) }
    return FileStatus(status)
  }

  /// The folder's own status.
  public func status() throws(FileError) -> FileStatus {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .last("read the status of", path) }
    return FileStatus(status)
  }

  /// Waits until the folder's entries are on the disk.
  public func sync() throws(FileError) {
    try FaultPoint.pass("sync", path)
    guard retrying({ Int(fsync(descriptor)) }) == 0 else { throw .last("sync the folder", path) }
    ChangeRecord.note(.syncFolder, path)
  }
}
