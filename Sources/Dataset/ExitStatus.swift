/// How a run or a command ended; the raw value is its exit status.
///
/// This is the one table of exit statuses; the command line says what each means.
public enum ExitStatus: Int, CaseIterable, Sendable {
  case complete = 0
  case failed = 1
  case incomplete = 3
  case integrity = 4
  case stale = 5
  case locked = 11
  case usage = 64
  case interrupted = 130
  case terminated = 143

  /// What it says of a run, in a word or two.
  public var word: String {
    switch self {
    case .complete: "complete"
    case .failed: "failed"
    case .incomplete: "incomplete"
    case .integrity: "integrity problem"
    case .stale: "stale"
    case .locked: "locked"
    case .usage: "wrong usage"
    case .interrupted, .terminated: "stopped"
    }
  }

  /// From the lightest to the gravest.
  ///
  /// Doubts about the evidence outweigh everything but having been stopped.
  public static let byGravity: [ExitStatus] = [
    .complete, .stale, .incomplete, .locked, .failed, .usage, .integrity, .terminated, .interrupted,
  ]

  /// The graver of two: what of several jobs the command as a whole reports.
  public func graver(than other: ExitStatus) -> ExitStatus {
    ExitStatus.byGravity.last { $0 == self || $0 == other } ?? self
  }
}
