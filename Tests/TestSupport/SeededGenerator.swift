import Foundation

/// Random numbers for property tests, the same for the same seed: print the seed, and the case can
/// be had again.
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 ^ 0x5851_F42D_4C95_7F2D
  }

  /// SplitMix64.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// One of `items`, which is not empty.
  public mutating func pick<Item>(_ items: [Item]) -> Item {
    items[Int(next() % UInt64(items.count))]
  }

  /// True once in `count` calls.
  public mutating func oneIn(_ count: UInt64) -> Bool {
    next() % count == 0
  }

  public mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }
}

/// The seeds of a property: `count` of them, or as many as `TRAILMERGE_SEEDS` asks for.
public func seeds(_ count: UInt64) -> Range<UInt64> {
  let wanted = ProcessInfo.processInfo.environment["TRAILMERGE_SEEDS"].flatMap { UInt64($0) }
  return 0..<(wanted ?? count)
}
