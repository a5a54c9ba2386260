import Bytes
import Dataset
import JobFiles
import JobRunner
import Logging

/// Runs one job and says how it ended.
func execute(_ job: Job, _ options: RunOptions) -> ExitStatus {
  let logger = Logger(options)
  StopSignal.install()
  do {
    if options.isDryRun {
      return show(try DryRun(job).text + "\n")
    }
    let meter = ProgressMeter()
    let display = ProgressDisplay(meter, options.quiet ? .never : options.progress, logger)
    defer { display?.end() }
    let report = try run(job, meter: meter)
    display?.end()
    let isShown = show(report, options, logger) == .complete
    // The run is committed, so that a report nobody got is only worth a look.
    return report.ending.graver(than: isShown ? .complete : .incomplete)
  } catch {
    logger.error("\(job.name): \(String(describing: error))")
    return ExitStatus(error)
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
