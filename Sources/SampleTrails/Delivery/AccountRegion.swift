/// One account in one region: the unit in which CloudTrail delivers files.
struct AccountRegion: Sendable {
  /// Index of the account.
  let account: Int
  let region: String
  /// The events that happen here.
  let events: Int

  /// Shares out the events: the first accounts and regions are the busiest, as in real life.
  static func all(of options: SampleTrailOptions) -> [AccountRegion] {
    let regionWeights = [60, 24, 8, 4, 2, 1, 1, 1, 1, 1]
    var weights: [Int] = []
    for account in 0..<options.accounts {
      for region in 0..<options.regions {
        weights.append(regionWeights[region] * 1_000 / (account + 2))
      }
    }
    let total = weights.reduce(0, +)
    var places: [AccountRegion] = []
    var sum = 0
    var given = 0
    for (index, weight) in weights.enumerated() {
      sum += weight
      // Rounding the running sum, not the share, gives every event to exactly one of them.
      let due = Int(Double(options.events) * (Double(sum) / Double(total)))
      let end = index == weights.count - 1 ? options.events : due
      places.append(
        AccountRegion(
          account: index / options.regions,
          region: SampleTrailOptions.regionNames[index % options.regions], events: end - given))
      given = end
    }
    return places
  }
}
