public import CloudTrail

/// A row of the matrix as a strip of steps, a day or several days each.
public struct Strip: Sendable {
  /// What one step shows, from nothing to much.
  public enum Step: Int, Sendable, CaseIterable {
    /// Nothing, and of some of its days no digest says so: before the row's first events, after its
    /// last, or a gap that is not judged.
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
    /// Nothing, and verified digests say that nothing is absent.
    case quiet
    /// Nothing, and digests cover it that do not vouch for it.
    case covered

    /// What it shows of days without events; nil where there are some.
    var kind: EmptyDay? {
      switch self {
      case .none: .uncovered
      case .hole: .hole
      case .quiet: .quiet
      case .covered: .covered
      case .few, .some, .usual, .many: nil
      }
    }
  }

  public let steps: [Step]
  /// For each step whether the digests and what is there disagree on one of its days.
  public let isInvalid: [Bool]

  /// How days are put together into at most `limit` steps.
  public struct Scale: Sendable {
    public let days: ClosedRange<Day>
    public let daysPerStep: Int

    /// - Parameters:
    ///   - days: All days.
    ///   - limit: How many steps there may be.
    ///   - inWeeks: Whether steps of several days are one, two or more weeks.
    public init(_ days: ClosedRange<Day>, limit: Int, inWeeks: Bool = false) {
      self.days = days
      let least = max(1, (days.count + limit - 1) / max(limit, 1))
      daysPerStep = least > 1 && inWeeks ? (least + 6) / 7 * 7 : least
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
  ///   - invalid: Days on which the digests and what is there disagree.
  ///   - empty: Days without events. A step with a hole shows it, whatever else it has; it shows that
  ///     digests cover it only if they cover all of its days.
  ///   - scale: Which day falls into which step.
  public init(
    _ days: [(day: Day, recordCount: Int)], invalid: [Day] = [],
    empty: [(day: Day, kind: EmptyDay)], _ scale: Scale
  ) {
    var counts = Array(repeating: 0, count: scale.stepCount)
    for (day, count) in days {
      if let step = scale.step(of: day) { counts[step] += count }
    }
    let usual = Strip.median(counts.filter { $0 > 0 })
    var steps = counts.map { Strip.step($0, usual: usual) }
    Strip.mark(empty, &steps, scale)
    self.steps = steps
    var isInvalid = Array(repeating: false, count: scale.stepCount)
    for day in invalid {
      if let step = scale.step(of: day) { isInvalid[step] = true }
    }
    self.isInvalid = isInvalid
  }

  private static func mark(
    _ empty: [(day: Day, kind: EmptyDay)], _ steps: inout [Step], _ scale: Scale
  ) {
    var quietCounts = Array(repeating: 0, count: scale.stepCount)
    var coveredCounts = quietCounts
    for (day, kind) in empty {
      guard let step = scale.step(of: day) else { continue }
      switch kind {
      case .hole: steps[step] = .hole
      case .quiet: quietCounts[step] += 1
      case .covered: coveredCounts[step] += 1
      case .uncovered: break
      }
    }
    for step in steps.indices where steps[step] == .none {
      let dayCount = scale.days(of: step).count
      if quietCounts[step] == dayCount {
        steps[step] = .quiet
      } else if quietCounts[step] + coveredCounts[step] == dayCount {
        steps[step] = .covered
      }
    }
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
