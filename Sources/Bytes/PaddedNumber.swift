extension String {
  /// A number's digits, after zeros if there are fewer than `digitCount`.
  public init(_ number: some UnsignedInteger, radix: Int = 10, digitCount: Int) {
    let digits = String(number, radix: radix)
    self.init(repeating: "0", count: Swift.max(0, digitCount - digits.utf8.count))
    self += digits
  }
}
