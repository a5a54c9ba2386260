import CBlocks

/// Copying runs of text that need no thought, sixteen bytes at a time.
///
/// A block is stored before it is known how much of it counts: the bytes after the run are
/// overwritten by what comes next. Finding the end and copying are thus one pass.
extension ByteBuffer {
  /// Appends `text[range]` up to the first byte that a bare CSV field may not hold as it is: a
  /// comma, a quote, a backslash (in case the text is the content of a JSON string), a control
  /// character, or anything but ASCII.
  ///
  /// - Returns: The position of that byte; the end of `range` if there is none.
  /// - Complexity: O(bytes copied). Faster when more than `range` can be read.
  public mutating func appendPlainRun(_ text: Span<UInt8>, in range: Range<Int>) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= text.count)
    reserve(range.count &+ ByteSearch.blockSize)
    var position = range.lowerBound
    while position < range.upperBound, position &+ ByteSearch.blockSize <= text.count {
      // SAFETY: `reserve` left a block more than `range` has.
      let found = unsafe copyBlock(text, at: position) { unsafe trailmerge_copy_plain($0, $1) }
      let run = min(found.trailingZeroBitCount, range.upperBound &- position)
      advance(run)
      position &+= run
      if run < ByteSearch.blockSize { return position }
    }
    while position < range.upperBound {
      let byte = text.byte(at: position)
      if byte < ASCII.space || byte >= ASCII.delete || byte == ASCII.comma || byte == ASCII.quote
        || byte == ASCII.backslash
      {
        break
      }
      append(byte)
      position &+= 1
    }
    return position
  }

  /// Appends `text[range]` with every quote doubled, up to the first byte that is a control
  /// character or not ASCII.
  ///
  /// - Returns: The position of that byte; the end of `range` if there is none.
  /// - Complexity: O(bytes copied). Faster when more than `range` can be read.
  public mutating func appendDoublingQuotes(_ text: Span<UInt8>, in range: Range<Int>) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= text.count)
    reserve(range.count &* 2 &+ 3 &* ByteSearch.blockSize)
    var position = range.lowerBound
    while position &+ ByteSearch.blockSize <= range.upperBound,
      position &+ 2 &* ByteSearch.blockSize <= text.count
    {
      var copied: UInt32 = 0
      // SAFETY: `text` has two blocks, and `reserve` left three more than `range` has when all of it are
      // quotes; load and store may be unaligned.
      let length = unsafe withRoom { room in
        unsafe ByteSearch.marks(text, at: position) {
          unsafe trailmerge_double_quotes(room, $0, &copied)
        }
      }
      advance(Int(length))
      position &+= Int(copied)
      if copied < ByteSearch.blockSize { return position }
    }
    while position < range.upperBound {
      let byte = text.byte(at: position)
      if byte < ASCII.space || byte >= ASCII.delete { break }
      append(byte)
      if byte == ASCII.quote { append(byte) }
      position &+= 1
    }
    return position
  }

  /// Copies a block of `text` after the bytes in use, without counting it.
  ///
  /// The caller has checked that `text` has a block at `position`, and has reserved room for it.
  ///
  /// - Returns: What `copy` marks, the first byte in the lowest bit; above the bits of the block one
  ///   more.
  @unsafe @inline(__always)
  private mutating func copyBlock(
    _ text: Span<UInt8>, at position: Int,
    by copy: (UnsafeMutableRawPointer, UnsafeRawPointer) -> UInt32
  ) -> UInt32 {
    // SAFETY: the caller vouches for text and room; load and store may be unaligned.
    let marks = unsafe withRoom { room in
      unsafe ByteSearch.marks(text, at: position) { unsafe copy(room, $0) }
    }
    return marks | (ByteSearch.allMarks &+ 1)
  }
}
