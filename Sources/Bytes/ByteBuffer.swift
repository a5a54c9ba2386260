#if canImport(Glibc)
  import Glibc
#endif

/// Owned, growable, reusable bytes.
///
/// A worker keeps its buffers for a whole run: fresh memory costs more in page faults than parsing
/// costs, so `removeAll()` keeps the capacity. The memory is not zeroed.
@safe
public struct ByteBuffer: ~Copyable {
  @usableFromInline internal var base: UnsafeMutablePointer<UInt8>

  @usableFromInline var used = 0

  /// Bytes in use, from the start.
  @inlinable public var count: Int { used }

  /// Bytes that fit before the next allocation.
  public internal(set) var capacity: Int

  /// Makes an empty buffer with room for `capacity` bytes.
  public init(capacity: Int = 0) {
    self.capacity = max(capacity, 64)
    unsafe self.base = .allocate(capacity: self.capacity)
  }

  deinit {
    unsafe base.deallocate()
  }

  /// The bytes in use.
  public var bytes: Span<UInt8> {
    @inlinable @_lifetime(borrow self)
    get {
      // SAFETY: `count` bytes from `base` are initialised and live as long as `self` is borrowed.
      let span = unsafe Span(_unsafeStart: base, count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Lends the bytes in use to `body`: for buffers that are a property of a class, whose access
  /// ends with the call.
  @inlinable @inline(__always)
  public borrowing func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(bytes)
  }

  @inlinable public var isEmpty: Bool { count == 0 }

  /// Bytes that can still be appended without an allocation.
  @inlinable public var room: Int { capacity - count }

  /// Forgets the bytes and keeps the memory.
  @inlinable public mutating func removeAll() { used = 0 }

  /// Keeps the first `newCount` bytes.
  @inlinable public mutating func truncate(to newCount: Int) {
    precondition(newCount >= 0 && newCount <= count)
    used = newCount
  }

  /// Makes room for `byteCount` more bytes, growing by at least half.
  ///
  /// - Complexity: O(`count`) when it grows.
  @inlinable @inline(__always)
  public mutating func reserve(_ byteCount: Int) {
    if capacity - count < byteCount { grow(byteCount) }
  }

  @usableFromInline @inline(never)
  mutating func grow(_ byteCount: Int) {
    let newCapacity = max(count + byteCount, capacity + capacity / 2)
    let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: newCapacity)
    // SAFETY: both hold at least `count` bytes and do not overlap.
    unsafe grown.update(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = grown
    capacity = newCapacity
  }

  /// Appends one byte.
  @inlinable @inline(__always)
  public mutating func append(_ byte: UInt8) {
    reserve(1)
    // SAFETY: `reserve` left room for one byte.
    unsafe base[count] = byte
    used += 1
  }

  /// Appends a copy of `bytes`.
  ///
  /// - Complexity: O(`bytes.count`).
  @inlinable @inline(__always)
  public mutating func append(_ bytes: Span<UInt8>) {
    let added = bytes.count
    reserve(added)
    unsafe bytes.withUnsafeBufferPointer { source in
      guard let start = source.baseAddress else { return }
      // SAFETY: `reserve` left room; the source is another allocation or is before `count`.
      unsafe (base + count).update(from: start, count: added)
    }
    used += added
  }

  /// Appends the bytes of an array.
  public mutating func append(_ bytes: [UInt8]) {
    append(bytes.span)
  }

  /// Appends the UTF-8 of literal text.
  public mutating func append(_ text: StaticString) {
    let added = text.utf8CodeUnitCount
    reserve(added)
    // SAFETY: a static string's UTF-8 lives for the whole program; `reserve` left room.
    unsafe (base + count).update(from: text.utf8Start, count: added)
    used += added
  }

  /// Appends the UTF-8 of `text`.
  public mutating func append(utf8 text: String) {
    append(text.utf8.span)
  }

  /// Appends a number in decimal digits.
  public mutating func append(decimal number: Int) {
    if number >= 0 && number < 10 {
      append(ASCII.zero + UInt8(truncatingIfNeeded: number))
      return
    }
    append(utf8: String(number))
  }

  /// Moves the bytes from `start` on to the front and drops what was before them.
  ///
  /// - Complexity: O(bytes kept).
  public mutating func removeFirst(_ start: Int) {
    precondition(start >= 0 && start <= count)
    // SAFETY: both ranges are within `count` bytes; memmove allows the overlap.
    unsafe memmove(base, base + start, count - start)
    used -= start
  }

  /// Moves `range` down to `destination`, which must not be after it; `count` stays.
  public mutating func moveDown(_ range: Range<Int>, to destination: Int) {
    precondition(destination >= 0 && destination <= range.lowerBound && range.upperBound <= count)
    // SAFETY: both ranges are within `count` bytes; memmove allows the overlap.
    unsafe memmove(base + destination, base + range.lowerBound, range.count)
  }

  /// Moves the bytes from `position` on up by `gap`; what the gap then holds means nothing.
  ///
  /// - Complexity: O(bytes moved); O(`count`) when it grows.
  public mutating func insertGap(_ gap: Int, at position: Int) {
    precondition(position >= 0 && position <= count && gap >= 0)
    reserve(gap)
    // SAFETY: `reserve` left room for `gap` bytes more than `count`; memmove allows the overlap.
    unsafe memmove(base + position + gap, base + position, count - position)
    used += gap
  }

  /// Replaces the bytes from `start` on by `bytes`, which must not reach past the end.
  public mutating func overwrite(from start: Int, with bytes: Span<UInt8>) {
    precondition(start >= 0 && start + bytes.count <= count)
    unsafe bytes.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      // SAFETY: the target is within `count` bytes, and the source is another allocation, since a
      // span of this one cannot be alive while it is changed.
      unsafe (base + start).update(from: first, count: bytes.count)
    }
  }

  /// Lends the room after the bytes in use, as much as the caller has reserved.
  @unsafe @inlinable @inline(__always)
  mutating func withRoom<Result>(_ body: (UnsafeMutableRawPointer) -> Result) -> Result {
    // SAFETY: the caller writes no more than it has reserved.
    unsafe body(UnsafeMutableRawPointer(base + count))
  }

  /// Counts `byteCount` more bytes that were written after the bytes in use.
  @inlinable @inline(__always)
  mutating func advance(_ byteCount: Int) {
    assert(room >= byteCount)
    used &+= byteCount
  }

  /// Appends what `body` writes into up to `byteCount` bytes of uninitialised room.
  ///
  /// `body`: gets the room and returns how many bytes it filled from the start.
  @inline(__always)
  mutating func appendRoom<Failure: Error>(
    _ byteCount: Int,
    _ body: (UnsafeMutableBufferPointer<UInt8>) throws(Failure) -> Int
  ) throws(Failure) -> Int {
    reserve(byteCount)
    // SAFETY: `reserve` left room for `byteCount` bytes after `count`.
    let room = unsafe UnsafeMutableBufferPointer(start: base + count, count: byteCount)
    let filled = unsafe try body(room)
    precondition(filled >= 0 && filled <= byteCount)
    used += filled
    return filled
  }
}

// SAFETY: the buffer owns its memory alone and can be handed to another thread whole; sharing one
// between threads needs `let`, which allows reading only.
extension ByteBuffer: @unchecked Sendable {}
