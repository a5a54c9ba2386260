/// Spreads a share evenly over a stream of events: exact in sum, and nothing is drawn.
struct Quota {
  private let share: Double
  private let stretch: Double
  private var owed: Double

  /// Makes a quota that lets at least `stretch` events come due before `take` gives any.
  init(share: Double, stretch: Double = 1) {
    self.share = share
    self.stretch = max(1, stretch)
    // Half a step ahead, so that the sum is rounded to the nearest.
    owed = share > 0 ? self.stretch / 2 : 0
  }

  /// Counts one event and says whether it is one of the share.
  mutating func isDue() -> Bool {
    owed += share
    guard owed >= 1 else { return false }
    owed -= 1
    return true
  }

  /// Counts `count` events and says how many of them are due.
  mutating func take(_ count: Int) -> Int {
    owed += share * Double(count)
    guard owed >= stretch else { return 0 }
    let taken = min(count, Int(owed))
    owed -= Double(taken)
    return taken
  }

  /// Takes back what was due but could not be had.
  mutating func giveBack(_ count: Int) {
    owed += Double(count)
  }
}
