extension Int {
  /// The sum, or the number nearest to it: what a file says may be any number, and must not end the
  /// program.
  public func addingClamped(_ other: Int) -> Int {
    let (sum, isOverflow) = addingReportingOverflow(other)
    return isOverflow ? (other > 0 ? .max : .min) : sum
  }
}

extension Sequence where Element == Int {
  /// The sum, or the number nearest to it.
  public func clampedSum() -> Int { reduce(0) { $0.addingClamped($1) } }
}
