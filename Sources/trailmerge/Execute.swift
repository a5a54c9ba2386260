import Bytes
import Dataset
import JobFiles
import JobRunner
import Logging

/// Runs one job and says how it ended.
func execute(_ job: Job, _ options: RunOptions) -> ExitStatus {
  execute(job, options) { meter in
    try run(job, meter: meter)
  } planning: { log in
    let dryRun = try DryRun(job, log: log)
    return (dryRun.ending, dryRun.text, dryRun.json())
  }
}

/// What a dry run found: how it ends, for a person, and as JSON.
typealias Plan = (ending: ExitStatus, text: String, json: [UInt8])

/// Does what a command is about, and says how it ended.
func execute(
  _ job: Job, _ options: RunOptions, _ run: (ProgressMeter) throws -> RunReport,
  planning plan: (DetailLog) throws -> Plan
) -> ExitStatus {
  let logger = Logger(options)
  StopSignal.install()
  let started = Clock.secondsSince1970
  do {
    if options.isDryRun {
      let plan = try plan(logger.details)
      let isJSON = options.reportFormat == .json
      let shown = show((isJSON ? plan.json.span.text() : plan.text) + "\n")
      return plan.ending.graver(than: shown)
    }
    let meter = ProgressMeter(log: logger.details)
    let display = ProgressDisplay(meter, options.shownProgress, logger)
    defer { display?.end() }
    let report = try run(meter)
    display?.end()
    let isShown = show(report, options, logger) == .complete
    // The run is committed, so that a report nobody got is only worth a look.
    return report.ending.graver(than: isShown ? .complete : .incomplete)
  } catch {
    let problem = String(describing: error)
    logger.error("\(job.name): \(problem)")
    let status = ExitStatus(error)
    guard options.reportFormat == .json else { return status }
    var report = RunReport(
      failing: job.name, Path(job.dataset), status, problem, started: started,
      finished: Clock.secondsSince1970)
    if case RunError.absent(let files) = error {
      report.needed = files.map { ($0.path, $0.hash) }
    }
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
