public import Bytes
import Synchronization

/// Bytes that are kept for later: in memory while they are few, else in a temporary file.
public final class Spool: Sendable {
  private struct State: ~Copyable {
    /// What is not in the file yet.
    var rest = ByteBuffer()
    /// Where `rest` begins.
    var start = 0
    var file: OpenFile?
  }

  private let state = Mutex(State())
  /// Gives the name that the file has for a moment.
  private let scratch: @Sendable () throws -> Path

  /// How much waits in memory.
  private static let pieceSize = 256 << 10

  /// `scratch`: Gives the name that the file has for a moment; called once, if there is much to keep.
  public init(_ scratch: @escaping @Sendable () throws -> Path) {
    self.scratch = scratch
  }

  /// Keeps some bytes; returns where they are.
  public func append(_ bytes: Span<UInt8>) throws -> Int {
    try state.withLock { state in
      let offset = state.start + state.rest.count
      state.rest.append(bytes)
      if state.rest.count >= Spool.pieceSize { try flush(&state) }
      return offset
    }
  }

  private func flush(_ state: inout State) throws {
    if state.file == nil { state.file = try OpenFile.nameless(try scratch()) }
    let start = state.start
    let rest = exchange(&state.rest, with: ByteBuffer(capacity: Spool.pieceSize))
    try state.file?.write(rest.bytes, at: start)
    state.start += rest.count
  }

  /// Appends the `count` bytes at `offset` to `buffer`.
  public func read(_ count: Int, at offset: Int, into buffer: inout ByteBuffer) throws {
    try state.withLock { state in
      if offset >= state.start {
        let start = offset - state.start
        return state.rest.withBytes { buffer.append($0.extracting(start..<(start + count))) }
      }
      guard try state.file?.read(count, at: offset, into: &buffer) == count else {
        throw FileError.cutOff(try scratch())
      }
    }
  }

  /// Bytes kept so far.
  public var byteCount: Int { state.withLock { $0.start + $0.rest.count } }
}
