/// The log files of one account in one region: how many events each holds and when it is delivered.
struct FilePlan {
  struct File {
    let events: Int
    /// A multiple of five minutes, as in real names.
    let delivered: UTCTime
  }

  let files: [File]

  static let deliveryInterval = 300

  /// Draws the sizes and times from a generator of its own.
  init(
    for place: AccountRegion, of options: SampleTrailOptions, from start: UTCTime,
    _ random: inout SplitMix64
  ) {
    var sizes: [Int] = []
    var left = place.events
    while left > 0 {
      let size = min(left, Self.size(options, &random))
      sizes.append(size)
      left -= size
    }
    let slots = options.days * UTCTime.secondsPerDay / Self.deliveryInterval
    files = sizes.indices.map { index in
      let first = index * slots / sizes.count
      let next = (index + 1) * slots / sizes.count
      // The last file comes at midnight: records of one day in the folder of the next.
      let isLast = index == sizes.count - 1
      let slot = isLast ? slots - 1 : first + random.below(max(1, next - first))
      return File(events: sizes[index], delivered: start + (slot + 1) * Self.deliveryInterval)
    }
  }

  /// Points of the distribution of file sizes: a share of the files, and a multiple of the mean.
  private static let quantiles: [(share: Double, size: Double)] = [
    (0, 0.02), (0.1, 0.06), (0.25, 0.15), (0.5, 0.37), (0.75, 0.95), (0.9, 2.4), (0.97, 5),
    (0.995, 9), (1, 13),
  ]

  private static func size(_ options: SampleTrailOptions, _ random: inout SplitMix64) -> Int {
    guard options.fileSizes == .heavyTailed else { return options.eventsPerFile }
    let share = random.unit()
    let upper = max(1, quantiles.firstIndex { $0.share > share } ?? quantiles.count - 1)
    let (from, to) = (quantiles[upper - 1], quantiles[upper])
    let size = from.size + (to.size - from.size) * (share - from.share) / (to.share - from.share)
    return max(1, Int(size * Double(options.eventsPerFile)))
  }
}
