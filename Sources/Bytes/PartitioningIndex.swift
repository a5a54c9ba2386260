extension RandomAccessCollection where Index == Int {
  /// The first index from which on a condition holds, or `endIndex`.
  ///
  /// - Parameter belongs: Holds for all elements after one for which it does.
  /// - Returns: The index of the first element for which it holds.
  /// - Throws: What `belongs` throws.
  /// - Complexity: O(log `count`) calls.
  @inlinable
  public func partitioningIndex<Failure: Error>(
    where belongs: (Element) throws(Failure) -> Bool
  ) throws(Failure) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if try belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
