/// Spreads a share evenly over a stream of events: exact in sum, and nothing is drawn.
struct Quota {
  private let share: Double
  private var owed: Double

  init(share: Double) {
    self.share = share
    // Half an event ahead, so that rounding goes to the nearest.
    owed = share > 0 ? 0.5 : 0
  }

  /// Counts one event and tells whether it is one of the share.
  mutating func isDue() -> Bool {
    owed += share
    guard owed >= 1 else { return false }
    owed -= 1
    return true
  }

  /// Counts `count` events and tells how many of them are due: none until `minimum` are owed.
  mutating func take(_ count: Int, atLeast minimum: Int) -> Int {
    owed += share * Double(count)
    guard owed >= Double(max(1, minimum)) else { return 0 }
    let taken = min(count, Int(owed))
    owed -= Double(taken)
    return taken
  }

  /// Takes back what was due but could not be had.
  mutating func giveBack(_ count: Int) {
    owed += Double(count)
  }
}
