import Bytes
import CloudTrail

/// The runs that made a dataset.
public struct RunHistory: Sendable {
  /// The newest first.
  public private(set) var runs: [PastRun] = []

  /// Reads the newest reports.
  public init(_ layout: DatasetLayout, limit: Int) throws {
    guard try FileSystem.isThere(layout.runs) else { return }
    let names = try OpenFolder(layout.runs).entries()
      .compactMap { RunReportName(Path(bytes: $0.name).description) }.sorted(by: >)
    for name in names.prefix(limit) {
      guard (try? layout[.report(name)].checkIsFile()) != nil else { continue }
      let bytes = try FileSystem.contents(of: layout[.report(name)])
      if let run = try? PastRun(json: bytes) { runs.append(run) }
    }
  }

  /// Makes the folder of the reports.
  ///
  /// Called before the commit, so that a run does not find out after it that it cannot say so.
  ///
  /// - Throws: `FileError`, also when no report could be stored.
  public static func prepare(_ layout: DatasetLayout) throws {
    try FileSystem.createFolders(layout.runs)
    try FileSystem.checkWritable(layout.runs)
  }

  /// Stores the report of a run, named after the time it began.
  ///
  /// `time`: seconds since 1970.
  ///
  /// - Throws: `FileError`.
  public static func add(
    _ report: RunReport, to layout: DatasetLayout, begunAt time: Int64
  ) throws {
    try add(report.json(), to: layout, begunAt: time)
  }

  /// Stores a report that is JSON already.
  static func add(_ json: [UInt8], to layout: DatasetLayout, begunAt time: Int64) throws {
    try prepare(layout)
    var name = RunReportName(begun: EventTime(seconds: time))
    while try FileSystem.isThere(layout[.report(name)]) { name.number += 1 }
    try FileSystem.writeAtomically(
      (json + [ASCII.lineFeed]).span, to: layout[.report(name)],
      temporary: layout.runs.appending("report.tmp"))
  }
}
