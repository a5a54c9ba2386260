import Bytes

/// The same thing measured several times.
struct Measurement: Encodable {
  /// In the order they were taken.
  let samples: [Double]

  init(_ samples: [Double]) {
    precondition(!samples.isEmpty)
    self.samples = samples
  }

  /// The middle one: what a busy machine does to a few samples leaves it alone.
  var median: Double {
    let sorted = samples.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// The spread of the samples: the middle half of them, as a share of the median.
  var spread: Double {
    let sorted = samples.sorted()
    let (low, high) = (sorted[sorted.count / 4], sorted[sorted.count * 3 / 4])
    return median == 0 ? 0 : (high - low) / median
  }

  enum CodingKeys: String, CodingKey { case median, spread, samples }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(median, forKey: .median)
    try values.encode(spread, forKey: .spread)
    try values.encode(samples, forKey: .samples)
  }
}

/// Runs `body` once to warm up and then `count` times, and gives what those returned.
func repeated<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> [Result] {
  _ = try body()
  return try (0..<max(1, count)).map { _ in try body() }
}

/// The seconds that `body` takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = Clock.steadySeconds
  try body()
  return Clock.steadySeconds - start
}
