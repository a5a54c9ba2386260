public import CloudTrail

/// A row of the matrix as a strip of steps, a day or several days each.
public struct Strip: Sendable {
  /// What one step shows, from nothing to much.
  public enum Step: Int, Sendable, CaseIterable {
    /// Before the row's first events, after its last, or a gap of an irregular row.
    case none
    /// A day of a hole.
    case hole
    /// Far fewer events than on the row's usual day.
    case few
    case some
    /// About as many as usual.
    case usual
    /// Far more than usual.
    case many
  }

  public let steps: [Step]
  /// For each step whether the digests and what is there disagree on one of its days.
  public let isInvalid: [Bool]

  /// How days are put together into at most `limit` steps.
  public struct Scale: Sendable {
    public let days: ClosedRange<Day>
    public let daysPerStep: Int

    public init(_ days: ClosedRange<Day>, limit: Int) {
      self.days = days
      daysPerStep = max(1, (days.count + limit - 1) / max(limit, 1))
    }

    public var stepCount: Int { (days.count + daysPerStep - 1) / daysPerStep }

    /// The step that a day falls into; nil for days outside.
    public func step(of day: Day) -> Int? {
      days.contains(day) ? days.lowerBound.distance(to: day) / daysPerStep : nil
    }

    /// The first and the last day of a step.
    public func days(of step: Int) -> ClosedRange<Day> {
      let first = days.lowerBound.advanced(by: step * daysPerStep)
      return first...min(first.advanced(by: daysPerStep - 1), days.upperBound)
    }
  }

  /// Puts the days of a row into steps.
  ///
  /// - Parameters:
  ///   - days: The records of each day.
  ///   - holes: A step with one such day shows it, whatever else it has.
  ///   - invalid: Days on which the digests and what is there disagree.
  ///   - scale: Which day falls into which step.
  public init(
    _ days: [(day: Day, recordCount: Int)], holes: [ClosedRange<Day>], invalid: [Day] = [],
    _ scale: Scale
  ) {
    var counts = Array(repeating: 0, count: scale.stepCount)
    for (day, count) in days {
      if let step = scale.step(of: day) { counts[step] += count }
    }
    let usual = Strip.median(counts.filter { $0 > 0 })
    var steps = counts.map { Strip.step($0, usual: usual) }
    for hole in holes {
      guard let first = scale.step(of: max(hole.lowerBound, scale.days.lowerBound)),
        let last = scale.step(of: min(hole.upperBound, scale.days.upperBound))
      else { continue }
      for step in first...last { steps[step] = .hole }
    }
    self.steps = steps
    var isInvalid = Array(repeating: false, count: scale.stepCount)
    for day in invalid {
      if let step = scale.step(of: day) { isInvalid[step] = true }
    }
    self.isInvalid = isInvalid
  }

  private static func step(_ count: Int, usual: Int) -> Step {
    if count == 0 { return .none }
    if count * 4 < usual { return .few }
    if count * 3 < usual * 2 { return .some }
    return count > usual * 3 ? .many : .usual
  }

  private static func median(_ counts: [Int]) -> Int {
    counts.isEmpty ? 0 : counts.sorted()[counts.count / 2]
  }
}
