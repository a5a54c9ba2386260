import JobRunner

/// Runs one job and says how it ended.
func execute(_ job: Job, _ options: RunOptions) -> ExitStatus {
  printError("not connected")
  return .failed
}
