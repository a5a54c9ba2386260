import Bytes
import JobRunner
import Logging
import Synchronization

/// Shows how a run goes on: a bar on a terminal, a line every 30 seconds without one.
///
/// A thread of its own looks at the meter, so the run pays nothing for it.
final class ProgressDisplay: Sendable {
  private let meter: ProgressMeter
  /// Takes the lines of a log.
  private let logger: Logger
  private let isDrawn: Bool
  private let hasColor: Bool
  private let start = Clock.steadySeconds
  private let ended = Mutex(false)

  /// Seconds between two lines in a log.
  private static let heartbeatSeconds = 30.0

  /// Starts showing `meter`; nil when nothing is to be shown.
  init?(_ meter: ProgressMeter, _ progress: RunOptions.Progress, _ logger: Logger) {
    if progress == .never { return nil }
    self.meter = meter
    self.logger = logger
    isDrawn = progress == .always || Terminal.isStandardErrorTerminal
    hasColor = isDrawn && Terminal.allowsColor
    BackgroundThread.start { [self] in watch() }
  }

  /// Removes the bar.
  func end() {
    let wasEnded = ended.withLock { ended in
      defer { ended = true }
      return ended
    }
    if !wasEnded && isDrawn { Terminal.writeError("\r\u{1B}[K") }
  }

  private func watch() {
    var nextLine = ProgressDisplay.heartbeatSeconds
    while true {
      Clock.sleep(milliseconds: isDrawn ? 100 : 500)
      let seconds = Clock.steadySeconds - start
      let isOver = ended.withLock { ended in
        guard !ended else { return true }
        if isDrawn {
          Terminal.writeError("\r" + bar(meter.current, seconds) + "\u{1B}[K")
        } else if seconds >= nextLine {
          logger.info("\(numbers(meter.current, seconds))")
        }
        return false
      }
      if isOver { return }
      if seconds >= nextLine { nextLine += ProgressDisplay.heartbeatSeconds }
    }
  }

  /// One line that fits the terminal.
  private func bar(_ progress: RunProgress, _ seconds: Double) -> String {
    let text = numbers(progress, seconds)
    let width = Terminal.width
    guard let share = share(progress) else {
      return String(text.prefix(width - 1))
    }
    let cells = max(0, min(24, width - text.count - 4))
    let filled = Int(share * Double(cells))
    let drawn =
      String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled)
    let bar = hasColor ? "\u{1B}[36m\(drawn)\u{1B}[0m" : drawn
    return cells > 3 ? "\(bar) \(text)" : String(text.prefix(width - 1))
  }

  private func numbers(_ progress: RunProgress, _ seconds: Double) -> String {
    var parts: [String]
    switch progress.stage {
    case .discovering: return "looking for files"
    case .validating:
      let (done, count) = (progress.checksDone, progress.checkCount)
      parts = ["validating \(grouped(done))/\(grouped(count)) digests and logs"]
    case .merging:
      let (done, count) = (progress.recordsMerged, progress.recordsToMerge)
      parts = ["merging \(grouped(done))/\(grouped(count)) records"]
    case .reading, .writing, .committing:
      let rate = Double(progress.inflatedByteCount) / 1e6 / max(seconds, 0.001)
      let (done, count) = (progress.filesDone, progress.fileCount)
      parts = [
        "\(progress.stage.rawValue) \(grouped(done))/\(grouped(count)) files",
        "\(Int(rate)) MB/s", "\(grouped(progress.recordCount)) records",
      ]
    }
    if let share = share(progress), share > 0.02, share < 1 {
      let stageSeconds = Clock.steadySeconds - progress.stageStart
      parts.append("\(ProgressDisplay.duration(stageSeconds / share - stageSeconds)) left")
    }
    return parts.joined(separator: ", ")
  }

  /// How much of the stage is done; nil where nobody knows.
  private func share(_ progress: RunProgress) -> Double? {
    switch progress.stage {
    case .reading where progress.fileCount > 0:
      Double(progress.storedBytesDone) / Double(max(progress.storedByteCount, 1))
    case .merging where progress.recordsToMerge > 0:
      Double(progress.recordsMerged) / Double(progress.recordsToMerge)
    case .validating where progress.checkCount > 0:
      min(1, Double(progress.checksDone) / Double(progress.checkCount))
    default: nil
    }
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min" }
    return "\(whole / 3600) h \(whole / 60 % 60) min"
  }
}
