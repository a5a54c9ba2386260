import Bytes
import CloudTrail

/// The runs that made a dataset.
public struct RunHistory: Sendable {
  /// The newest first.
  public private(set) var runs: [PastRun] = []

  /// Reads the newest reports.
  public init(_ layout: DatasetLayout, limit: Int) throws {
    guard try FileSystem.isThere(layout.runs) else { return }
    let names = try OpenFolder(layout.runs).entries().map(\.name)
      .filter { $0.suffix(5).elementsEqual(".json".utf8) }
      .sorted(by: RunHistory.isNewer)
    for name in names.prefix(limit) {
      let bytes = try FileSystem.contents(of: layout.runs.appending(name))
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
    try prepare(layout)
    let stamp = EventTime(seconds: time).text.filter { $0 != "-" && $0 != ":" }
    let date = stamp.prefix(8)
    let name =
      "\(date.prefix(4))-\(date.dropFirst(4).prefix(2))-\(date.suffix(2))" + stamp.dropFirst(8)
    var path = layout.runs.appending("\(name).json")
    var copy = 1
    while try FileSystem.isThere(path) {
      copy += 1
      path = layout.runs.appending("\(name)-\(copy).json")
    }
    try FileSystem.writeAtomically((report.json() + [0x0A]).span, to: path)
  }

  /// Whether the report named `left` was stored after the one named `right`.
  ///
  /// Of runs that began in one second the first is `2026-11-20T020003Z.json`, then come
  /// `2026-11-20T020003Z-2.json` and so on.
  private static func isNewer(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    let second = "2026-11-20T020003Z".utf8.count
    func order(_ name: [UInt8]) -> [[UInt8]] {
      [Array(name.prefix(second)), [UInt8(clamping: name.count)], name]
    }
    return order(right).lexicographicallyPrecedes(order(left)) { $0.lexicographicallyPrecedes($1) }
  }
}
