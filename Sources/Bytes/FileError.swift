import Glibc

/// A failed system call: what was being done, to what, and why it failed.
public struct FileError: Error, CustomStringConvertible, Sendable, Equatable {
  /// What was being done, as a verb: "open", "write to".
  public let action: String
  public let path: Path
  /// The system's error number.
  public let code: Int32

  public init(_ action: String, _ path: Path, code: Int32) {
    self.action = action
    self.path = path
    self.code = code
  }

  /// The error number of the call that just failed.
  static func last(_ action: String, _ path: Path) -> FileError {
    FileError(action, path, code: errno)
  }

  /// A file of ours ends before what was written to it.
  public static func cutOff(_ path: Path) -> FileError {
    FileError("read all of", path, code: EIO)
  }

  /// Something else is in the place of a file.
  public static func noFile(_ path: Path) -> FileError {
    FileError("read", path, code: EISDIR)
  }

  public var isNotFound: Bool { code == ENOENT || code == ENOTDIR }
  /// Whether there is more than whoever reads it takes.
  public var isTooLarge: Bool { code == EFBIG }
  /// Whether links lead to one another only.
  public var isLinkLoop: Bool { code == ELOOP }
  public var isPermission: Bool { code == EACCES || code == EPERM }
  /// Whether nothing can be written there at all.
  public var isReadOnly: Bool { code == EROFS || isPermission }
  public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
  /// Whether as many files are open as the process or the system may have: no fault of this one.
  public var isOpenFileLimit: Bool { code == EMFILE || code == ENFILE }
  /// Whether the file itself is to blame: it is gone or cannot be read, whoever tries.
  public var isDamage: Bool { !isPermission && !isDiskFull && !isOpenFileLimit }
  /// Whether the file system lacks the operation.
  public var isUnsupported: Bool { code == EINVAL || code == ENOSYS || code == ENOTSUP }

  /// The system's words for the error number.
  public var reason: String {
    // SAFETY: strerror's text is copied at once; a race could only garble a message.
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }

  /// One sentence for the user, with what to do where that is known.
  public var description: String {
    let hint =
      isDiskFull
      ? "; free some space and run again, nothing was lost"
      : isOpenFileLimit ? "; raise the limit with ulimit -n, or use fewer threads" : ""
    return "cannot \(action) \(path): \(reason)\(hint)"
  }
}
