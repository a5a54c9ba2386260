import Glibc

/// The terminal that standard error may be.
public enum Terminal {
  public static var isStandardErrorTerminal: Bool { isatty(2) == 1 }

  public static var isStandardOutputTerminal: Bool { isatty(1) == 1 }

  /// Whether colours are wanted: `NO_COLOR` is not set (https://no-color.org) and the terminal is
  /// not a dumb one.
  public static var allowsColor: Bool {
    // SAFETY: nothing changes the environment while the process runs; the text is copied.
    let noColor = unsafe getenv("NO_COLOR").map { unsafe String(cString: $0) } ?? ""
    let kind = unsafe getenv("TERM").map { unsafe String(cString: $0) } ?? ""
    return noColor.isEmpty && kind != "dumb"
  }

  /// The columns of the terminal; 80 when it does not say.
  public static var width: Int {
    var size = winsize()
    guard unsafe ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Opens `/dev/null` in place of every standard stream that is closed.
  ///
  /// Else the next file opened would get its number, and the text meant for the user. What is opened cannot
  /// be read from, or written to: no result is lost, and no list empty, without an error.
  public static func openClosedStreams() {
    for stream in Int32(0)...2 where fcntl(stream, F_GETFD) < 0 {
      // The lowest free number is the stream's.
      _ = unsafe open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes to standard error at once; errors there have nowhere to go.
  public static func writeError(_ text: String) {
    _ = write(text.utf8.span, to: 2)
  }

  /// Writes to standard output at once; a reader who has gone wants no more of it.
  public static func writeOutput(_ text: String) throws(FileError) {
    try writeOutput(text.utf8.span)
  }

  /// Writes to standard output at once; a reader who has gone wants no more of it.
  public static func writeOutput(_ bytes: Span<UInt8>) throws(FileError) {
    let code = write(bytes, to: 1)
    if code != 0 && code != EPIPE { throw FileError("write to", "standard output", code: code) }
  }

  /// Returns the error number, 0 if all was written.
  private static func write(_ bytes: Span<UInt8>, to descriptor: Int32) -> Int32 {
    var done = 0
    while done < bytes.count {
      let rest = bytes.extracting(done...)
      // SAFETY: the kernel reads at most `rest.count` bytes of it, during the call only.
      let count = unsafe rest.withUnsafeBytes { raw in
        retrying { unsafe Glibc.write(descriptor, raw.baseAddress, raw.count) }
      }
      if count <= 0 { return errno }
      done += count
    }
    return 0
  }
}
