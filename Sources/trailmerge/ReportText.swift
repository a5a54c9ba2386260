import Bytes
import CloudTrail
import Dataset
import JobRunner
import Reading

/// The report of a run as the user reads it.
struct ReportText {
  let report: RunReport

  init(_ report: RunReport) {
    self.report = report
  }

  /// The failures shown in full; the stored report has them all.
  private static let failureLimit = 20

  /// All lines, without a line break at the end.
  var text: String { lines.joined(separator: "\n") }

  /// The summary first.
  var lines: [String] { head + balance + trouble + digests + tail }

  /// One line that reads well as the subject of a mail.
  var summary: String {
    let dropped = report.counts.records.dropped
    var parts = ["\(printable(report.job)): \(verdict)"] + report.counts.deeds
    if !report.trailing.isEmpty { parts.append("\(report.trailing.count) with trailing data") }
    if dropped > 0 {
      let verb = report.hasChangedDataset ? "dropped" : "would be dropped"
      parts.append("\(counted(dropped, "record")) \(verb)")
    }
    if let invalid = report.validation?.problemCount, invalid > 0 {
      parts.append("\(grouped(invalid)) INVALID by digest")
    }
    if report.isPrepared {
      parts.append("prepared, not committed yet")
    } else if report.ending != .complete {
      parts.append(report.hasChangedDataset ? "committed" : "nothing committed")
    }
    return parts.joined(separator: ", ")
  }

  private var verdict: String {
    let isNew = report.hasChangedDataset || report.isPrepared
    return report.ending == .complete && !isNew ? "nothing new" : report.ending.word
  }

  private var head: [String] {
    [summary, "  dataset   \(printable(report.dataset))"]
  }

  private var balance: [String] {
    let (files, records) = (report.counts.files, report.counts.records)
    var lines = ["  files     \(files.balance)", "  records   \(records.balance)"]
    if records.replaced > 0 {
      lines.append("            \(grouped(records.replaced)) stored records replaced by a new text")
    }
    if records.dropped > 0 {
      // A rebuild names the files; else select.from was raised.
      let why = report.dropped.isEmpty ? "from before select.from" : "that no input holds any more"
      lines.append("            \(counted(records.dropped, "stored record")) \(why)")
    }
    lines += report.counts.filteredBy.sorted { $0.key < $1.key }
      .map { "            filtered by \(printable($0.key)): \(grouped($0.value))" }
    if !report.counts.alteredCells.isEmpty {
      let kinds = report.counts.alteredCells.sorted { $0.key < $1.key }
        .map { "\(grouped($0.value)) \($0.key)" }
      lines.append("  cells     altered: \(kinds.joined(separator: ", "))")
    }
    return lines + refused
  }

  /// Records that are stored as they are and that other programs will stumble over.
  private var refused: [String] {
    let refused = report.counts.strictReadersRefuse
    guard refused.counts.recordCount > 0 else { return [] }
    return ["  refused   \(refused.counts.sentence)"]
      + refused.exampleLines.map { "            \($0)" }
  }

  private var trouble: [String] {
    var lines = report.failures.prefix(ReportText.failureLimit).map { failure in
      let place = failure.offset.map { " at byte \($0)" } ?? ""
      return "  failed    \(printable(failure.source))\(place): \(printable(failure.reason))"
    }
    let more = report.failures.count - ReportText.failureLimit
    if more > 0 { lines.append("            and \(grouped(more)) more: see the stored report") }
    lines += report.trailing.map {
      "  trailing  \(printable($0)): bytes follow its data; they were not read"
    }
    let rejected = report.counts.records.rejected
    if rejected > 0, report.hasChangedDataset {
      lines.append(
        "  rejected  \(counted(rejected, "record")): kept, with why and from where, in "
          + "\(printable(report.dataset.appending(DatasetFile.DeliveryKind.rejected.folder)))")
    }
    lines += report.dropped.prefix(ReportText.failureLimit).map { file in
      "  dropped   \(printable(file.source)): \(counted(file.recordCount, "record"))"
    }
    let moreDropped = report.dropped.count - ReportText.failureLimit
    if moreDropped > 0 {
      lines.append("            and \(grouped(moreDropped)) more: see the stored report")
    }
    lines += report.changed.map { "  changed   \(printable($0)): read again" }
    lines += report.notes.map { "  note      \(printable($0))" }
    return lines
  }

  /// What the digest chains say, what is invalid first.
  private var digests: [String] {
    guard let validation = report.validation else { return [] }
    guard validation.hasDigests else {
      return ["  digests   none below the inputs: nothing could be checked"]
    }
    var lines = validation.problems.prefix(ReportText.failureLimit).map { problem in
      "  invalid   \(problem.split(separator: "\t").joined(separator: "  "))"
    }
    let more = validation.problemCount - ReportText.failureLimit
    if more > 0 { lines.append("            and \(grouped(more)) more: see the stored report") }
    return lines + validation.lines.map { "  digests   \($0)" }
  }

  private var tail: [String] {
    let bytes = report.counts.bytes
    let seconds = max(report.seconds, 0.001)
    let rate = Double(bytes.inflated) / 1e6 / seconds
    let store =
      bytes.store == 0
      ? []
      : [
        "  store     \(megabytes(bytes.store)) of what was written is in "
          + "\(DatasetLayout.storeOutput), since no output has the records by cell"
      ]
    return store + [
      "  holds     \(grouped(report.datasetRecordCount)) records in "
        + "\(grouped(report.partitionCount)) partitions",
      "  took      \(decimal(report.seconds)) s, \(megabytes(bytes.inflated)) of JSON"
        + " (\(megabytes(bytes.stored)) stored), \(Int(rate)) MB/s, "
        + "\(megabytes(bytes.written)) written, peak \(megabytes(report.peakMemory))",
    ]
  }
}
