import Bytes
import Dataset
import JobFiles
import JobRunner
import Logging

/// Runs one job and says how it ended.
func execute(_ job: Job, _ options: RunOptions) -> ExitStatus {
  let logger = Logger(options)
  StopSignal.install()
  let started = Clock.secondsSince1970
  do {
    if options.isDryRun {
      let dryRun = try DryRun(job, log: logger.details)
      let isJSON = options.reportFormat == .json
      let shown = show((isJSON ? dryRun.json().span.text() : dryRun.text) + "\n")
      return dryRun.ending.graver(than: shown)
    }
    let meter = ProgressMeter(log: logger.details)
    let display = ProgressDisplay(meter, options.shownProgress, logger)
    defer { display?.end() }
    let report = try run(job, meter: meter)
    display?.end()
    let isShown = show(report, options, logger) == .complete
    // The run is committed, so that a report nobody got is only worth a look.
    return report.ending.graver(than: isShown ? .complete : .incomplete)
  } catch {
    let problem = String(describing: error)
    logger.error("\(job.name): \(problem)")
    let status = ExitStatus(error)
    guard options.reportFormat == .json else { return status }
    let report = RunReport(
      failing: job.name, Path(job.dataset), status, problem, started: started,
      finished: Clock.secondsSince1970)
    return status.graver(than: show(report.json().span.text() + "\n"))
  }
}

/// Results go to standard output; one closing line to standard error where that is a log.
private func show(_ report: RunReport, _ options: RunOptions, _ logger: Logger) -> ExitStatus {
  let text = ReportText(report)
  switch options.reportFormat {
  case .json:
    let shown = show(report.json().span.text() + "\n")
    if report.ending == .complete {
      logger.info("\(text.summary)")
    } else {
      logger.error("\(text.summary)")
    }
    return shown
  case .text where options.quiet:
    if report.ending != .complete { for line in text.lines { logger.error("\(line)") } }
    return .complete
  case .text:
    return show(text.text + "\n")
  }
}
