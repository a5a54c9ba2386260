extension ByteBuffer {
  /// Removes the white space between the tokens of validated JSON, in place.
  ///
  /// The bytes after `range` stay where they are; those freed at its end are left as they were.
  ///
  /// - Returns: The end of the compacted JSON, which still begins at `range.lowerBound`.
  /// - Complexity: O(`range.count`).
  public mutating func compactJSON(in range: Range<Int>) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    var target = range.lowerBound
    var source = range.lowerBound
    while source < range.upperBound {
      let end = endOfRun(from: source, limit: range.upperBound)
      if end > source {
        moveDown(source..<end, to: target)
        target += end - source
      }
      source = end
      while source < range.upperBound, isWhitespace(bytes.byte(at: source)) { source += 1 }
    }
    return target
  }

  /// The end of the tokens and strings from `start` on that have no white space between them.
  private func endOfRun(from start: Int, limit: Int) -> Int {
    let bytes = bytes
    var position = start
    while position < limit {
      let byte = bytes.byte(at: position)
      if isWhitespace(byte) { return position }
      position += 1
      guard byte == ASCII.quote else { continue }
      // Inside a string: go past its closing quote.
      while position < limit {
        position = ByteSearch.endOfPlainString(bytes, from: position)
        guard position < limit, bytes.byte(at: position) == ASCII.backslash else { break }
        position += 2
      }
      position += 1
    }
    return limit
  }

  private func isWhitespace(_ byte: UInt8) -> Bool {
    byte == ASCII.space || byte == ASCII.lineFeed || byte == ASCII.carriageReturn
      || byte == ASCII.tab
  }
}
