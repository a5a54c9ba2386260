/// Copying runs of text that need no thought, eight bytes at a time.
///
/// A word is stored before it is known how much of it counts: the bytes after the run are
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
    reserve(range.count &+ 8)
    var position = range.lowerBound
    while position < range.upperBound, position &+ 8 <= text.count {
      let word = ByteSearch.word(text, at: position)
      // SAFETY: `reserve` left eight bytes more than `range` has.
      unsafe storeWord(word)
      let found =
        ByteSearch.marksOfUncommon(in: word) | ByteSearch.marks(of: ASCII.comma, in: word)
        | ByteSearch.marks(of: ASCII.quote, in: word)
        | ByteSearch.marks(of: ASCII.backslash, in: word)
      let run = found == 0 ? 8 : found.trailingZeroBitCount &>> 3
      let length = min(run, range.upperBound &- position)
      advance(length)
      position &+= length
      if length < 8 { return position }
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
    reserve(range.count &* 2 &+ 8)
    var position = range.lowerBound
    while position &+ 8 <= range.upperBound {
      let word = ByteSearch.word(text, at: position)
      // SAFETY: `reserve` left eight bytes more than `range` has when all of it are quotes.
      unsafe storeWord(word)
      let found = ByteSearch.marksOfUncommon(in: word) | ByteSearch.marks(of: ASCII.quote, in: word)
      if found == 0 {
        advance(8)
        position &+= 8
        continue
      }
      let run = found.trailingZeroBitCount &>> 3
      advance(run)
      position &+= run
      if text.byte(at: position) != ASCII.quote { return position }
      // SAFETY: as above.
      unsafe storeWord(0x2222)
      advance(2)
      position &+= 1
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
}

extension ByteSearch {
  /// Marks the bytes of `word` that are control characters or not ASCII.
  @inline(__always)
  static func marksOfUncommon(in word: UInt64) -> UInt64 {
    marksOfControls(in: word) | marks(of: ASCII.delete, in: word) | word & high
  }
}
