import Bytes
import CloudTrail
import Logging

/// Messages on standard error, as lines of text or of JSON.
struct MessageHandler: LogHandler {
  let format: RunOptions.LogFormat
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let message = printable(event.message.description)
    switch format {
    case .text:
      for line in message.split(separator: "\n") { Terminal.writeError("trailmerge: \(line)\n") }
    case .json:
      var object = JSONObjectWriter()
      object.add("time", EventTime(seconds: Clock.secondsSince1970).text)
      object.add("level", event.level.rawValue)
      object.add("message", message)
      Terminal.writeError(object.finish().span.text() + "\n")
    }
  }
}

extension Logger {
  /// The logger of a command that runs jobs.
  init(_ options: RunOptions) {
    let level: Logger.Level = options.quiet ? .error : options.verbose ? .debug : .info
    self.init(options.logFormat, level)
  }

  /// Takes lines that only `--verbose` shows; off where they are not shown.
  var details: DetailLog {
    guard logLevel <= .debug else { return .off }
    return DetailLog { debug("\($0)") }
  }

  /// The logger of a command.
  init(_ format: RunOptions.LogFormat = .text, _ level: Logger.Level = .info) {
    self.init(label: "trailmerge") { _ in MessageHandler(format: format, logLevel: level) }
  }
}
