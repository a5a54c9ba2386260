public import Bytes
import CloudTrail
public import Reading

/// What one run did: the balance sheet and what a person has to look at.
public struct RunReport: Sendable {
  public var job = ""
  public var dataset: Path = ""
  /// Seconds since 1970.
  public var started: Int64 = 0
  public var finished: Int64 = 0
  public var seconds = 0.0
  public var ending = Ending.complete
  public var counts = RunCounts()
  /// Files that failed, by path.
  public var failures: [ReadFailure] = []
  /// Files behind whose data something stands.
  public var trailing: [Path] = []
  /// Files read before that have another size or date now, and were read again.
  public var changed: [Path] = []
  /// What the digests say; nil when the job did not ask.
  public var validation: ValidationSummary?
  /// Sentences about what else a person should know.
  public var notes: [String] = []
  /// Whether the dataset was switched over.
  public var isCommitted = false
  /// What the dataset holds now.
  public var datasetRecordCount = 0
  public var partitionCount = 0
  public var peakMemory = 0
  public var threads = 0

  public init() {}
}

// MARK: - JSON

extension RunReport {
  /// The report as one JSON object on one line.
  public func json() -> [UInt8] {
    var report = JSONObjectWriter()
    report.add("job", job)
    report.add("dataset", bytes: dataset.bytes)
    report.add("started", EventTime(seconds: started).text)
    report.add("finished", EventTime(seconds: finished).text)
    report.add("seconds", raw: RunReport.decimal(seconds))
    report.add("exit", ending.rawValue)
    report.add("files", raw: filesJSON().span)
    report.add("records", raw: recordsJSON().span)
    var bytes = JSONObjectWriter()
    bytes.add("stored", counts.bytes.stored)
    bytes.add("inflated", counts.bytes.inflated)
    bytes.add("written", counts.bytes.written)
    report.add("bytes", raw: bytes.finish().span)
    report.add("filteredBy", raw: RunReport.object(counts.filteredBy).span)
    report.add("alteredCells", raw: RunReport.object(counts.alteredCells).span)
    report.add("failures", raw: failuresJSON().span)
    report.add("trailingData", raw: RunReport.list(trailing.map(\.bytes)).span)
    report.add("changed", raw: RunReport.list(changed.map(\.bytes)).span)
    if let validation { report.add("validation", raw: validation.json().span) }
    report.add("notes", raw: RunReport.list(notes.map { Array($0.utf8) }).span)
    report.add("committed", isCommitted)
    report.add("datasetRecords", datasetRecordCount)
    report.add("partitions", partitionCount)
    report.add("threads", threads)
    report.add("peakMemory", peakMemory)
    return report.finish()
  }

  private func filesJSON() -> [UInt8] {
    var files = JSONObjectWriter()
    files.add("found", counts.files.found)
    files.add("read", counts.files.read)
    files.add("alreadyRead", counts.files.alreadyRead)
    files.add("skipped", raw: RunReport.object(counts.files.skipped).span)
    files.add("failed", counts.files.failed)
    return files.finish()
  }

  private func recordsJSON() -> [UInt8] {
    var records = JSONObjectWriter()
    records.add("in", counts.records.input)
    records.add("written", counts.records.written)
    records.add("duplicates", counts.records.duplicates)
    records.add("conflicts", counts.records.conflicts)
    records.add("filtered", counts.records.filtered)
    records.add("rejected", counts.records.rejected)
    records.add("replaced", counts.records.replaced)
    return records.finish()
  }

  private func failuresJSON() -> [UInt8] {
    var list = ByteBuffer(capacity: 256)
    list.append(0x5B)
    for (index, failure) in failures.enumerated() {
      if index > 0 { list.append(0x2C) }
      var item = JSONObjectWriter()
      item.add("path", bytes: failure.source.bytes)
      if let offset = failure.offset {
        item.add("offset", offset)
      } else {
        item.add("offset", raw: "null")
      }
      item.add("reason", failure.reason)
      list.append(item.finish())
    }
    list.append(0x5D)
    return list.bytes.copied()
  }

  static func object(_ counts: [String: Int]) -> [UInt8] {
    var object = JSONObjectWriter()
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) { object.add(name, count) }
    return object.finish()
  }

  static func list(_ texts: [[UInt8]]) -> [UInt8] {
    var list = ByteBuffer(capacity: 256)
    list.append(0x5B)
    for (index, text) in texts.enumerated() {
      if index > 0 { list.append(0x2C) }
      JSONText.appendQuoted(text.span, to: &list)
    }
    list.append(0x5D)
    return list.bytes.copied()
  }

  /// Three decimals, without Foundation.
  static func decimal(_ number: Double) -> String {
    let thousandths = Int((number * 1000).rounded())
    let digits = String(1000 + thousandths % 1000).dropFirst()
    return "\(thousandths / 1000).\(digits)"
  }
}
