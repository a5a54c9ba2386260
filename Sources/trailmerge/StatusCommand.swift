import ArgumentParser
import Bytes
import CloudTrail
import Dataset
import JobRunner
import Status

/// `trailmerge status`: whether anything is missing.
struct StatusCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
    case csv
    case metrics
  }

  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Shows what a dataset has of each account, region and day, and what is missing.",
    discussion: """
      A hole is a day without events among days with events of the same account and region; \
      it has a line 'account region date' of its own. A day that digests cover is none: they say what \
      was delivered. Where less than half of the days around have events, a line says that they are not \
      judged.

      \(ExitStatus.exitStatuses)
      """)

  @Argument(help: "The dataset's folder.", completion: .directory)
  var dataset: String

  @Option(
    name: [.long, .customLong("report")],
    help: "How the status is written; metrics is Prometheus text.")
  var format = Format.text

  @Option(help: ArgumentHelp("Also draw a page that needs no other file.", valueName: "file"))
  var html: String?

  @Flag(help: "Show every account and region, however many there are.")
  var all = false

  func run() throws {
    do {
      var status = try Status(Path(dataset), mapping: Workers(count: 0))
      if let html {
        status.take(try census(status))
        try FileSystem.writeAtomically(StatusPage(status).html.utf8.span, to: Path(html))
      }
      try show(status)
    } catch {
      throw failure(String(describing: error), ExitStatus(error), isJSON: format == .json) {
        $0.add("dataset", dataset)
      }
    }
  }

  private func show(_ status: Status) throws {
    switch format {
    case .text:
      let isTerminal = Terminal.isStandardOutputTerminal
      let text = StatusText(
        status, width: isTerminal ? Terminal.width : 100,
        hasColor: isTerminal && Terminal.allowsColor, showsAll: all)
      try Terminal.writeOutput(text.text)
    case .json: try Terminal.writeOutput(StatusData.json(status).span.text() + "\n")
    case .csv:
      try StatusData.csv(status, isForTerminal: Terminal.isStandardOutputTerminal) {
        try Terminal.writeOutput($0)
      }
    case .metrics: try Terminal.writeOutput(StatusMetrics.text(status))
    }
  }

  /// Goes through all records, in parallel: cells first, then the indexes of the days.
  private func census(_ status: Status) throws -> Census {
    let cells = try status.dataset.cells().keys.sorted()
    let days = Array(Set(cells.map(\.eventDay)))
    let counted = try Workers(count: 0).map(
      cells.count + days.count, with: { _ in try CensusTaker(status.dataset) },
      { piece, taker in
        if piece < cells.count { return try taker.count(cells[piece]) }
        let day = days[piece - cells.count]
        return try taker.countKept(day)
      })
    return counted.reduce(into: Census()) { $0.add($1) }
  }
}
