import Bytes

extension PastRun {
  /// Sentences about a run that died in its commit, for the run that ended it.
  package var lastWords: [String] {
    let summary =
      "the run that began at \(started) died in its commit, which is ended now: "
      + ([verdict] + counts.deeds).joined(separator: ", ")
    let failed = failures.prefix(PastRun.nameLimit).map { failure in
      "in that run \(printable(failure.path)) failed: \(failure.reason)"
    }
    let ended = trailing.prefix(PastRun.nameLimit).map { path in
      "in that run \(printable(path)) had data after its end"
    }
    return [summary] + failed + ended + notes.map { "that run said: \($0)" }
  }

  /// How many files of a kind are named.
  private static let nameLimit = 10
}
