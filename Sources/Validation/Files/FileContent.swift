public import Bytes

/// What a digest vouches for in a file.
public struct FileContent: Sendable, Equatable {
  /// The hash of the inflated bytes: CloudTrail hashes what is inside the gzip member, so that a
  /// log compressed again is still valid.
  public var hash: SHA256Digest
  /// Whether anything follows the gzip member.
  ///
  /// No hash covers it, yet readers that accept several members would take records from it.
  public var hasTrailingData: Bool

  public init(hash: SHA256Digest, hasTrailingData: Bool) {
    self.hash = hash
    self.hasTrailingData = hasTrailingData
  }

  /// Reads the file at `path` once, in pieces.
  ///
  /// - Throws: `FileError`, `GzipError`.
  init(of path: Path) throws {
    var hasher = SHA256Hasher()
    hasTrailingData = try inflate(path) { hasher.update($0) }
    hash = hasher.finish()
  }
}

/// Lends the first gzip member of a file, inflated, piece by piece; a file that is not gzip as it
/// is.
///
/// Content decides, not the name: browsers and other tools inflate `.json.gz` files and leave the
/// name as it was.
///
/// - Returns: Whether anything follows the member.
/// - Throws: `FileError`, `GzipError`, `Stopped`, and what `body` throws.
func inflate(_ path: Path, _ body: (Span<UInt8>) throws -> Void) throws -> Bool {
  // Below the size from which malloc asks the kernel for fresh memory each time.
  let window = 64 << 10
  let file = try OpenFile(path)
  var stored = ByteBuffer(capacity: window)
  _ = try file.read(window, into: &stored)
  guard stored.count >= 2, stored.bytes[0] == 0x1F, stored.bytes[1] == 0x8B else {
    while !stored.isEmpty {
      try StopSignal.check()
      try body(stored.bytes)
      stored.removeAll()
      _ = try file.read(window, into: &stored)
    }
    return false
  }
  var inflater = try GzipInflater(stopsAfterMember: true)
  var inflated = ByteBuffer(capacity: window)
  var position = 0
  while true {
    try StopSignal.check()
    inflated.removeAll()
    let pause = try inflater.inflate(
      stored.bytes, at: &position, into: &inflated, room: window, isWhole: false)
    try body(inflated.bytes)
    switch pause {
    case .roomFull: break
    case .inputEnded:
      stored.removeAll()
      position = 0
      if try file.read(window, into: &stored) == 0 { throw GzipError.truncated }
    case .memberEnded:
      if position < stored.count { return true }
      stored.removeAll()
      return try file.read(1, into: &stored) > 0
    }
  }
}

/// Why a file could not be read, in words for a person.
func reason(for error: any Error) -> String {
  switch error {
  case let error as FileError: error.reason
  case GzipError.notGzip: "invalid format: not gzip"
  case GzipError.truncated: "invalid format: the gzip data ends too early"
  case GzipError.corrupt(let what): "invalid format: damaged gzip data: \(what)"
  case let error as JSONSyntaxError: "invalid format: not JSON at byte \(error.offset)"
  case let error as DigestFormatError: "invalid format: \(error.reason)"
  default: String(describing: error)
  }
}
