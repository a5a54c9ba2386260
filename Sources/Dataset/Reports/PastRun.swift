public import Bytes

/// One run, from its stored report.
public struct PastRun: Sendable {
  public var job = ""
  public var started = ""
  public var finished = ""
  /// With three decimals.
  public var seconds = 0.0
  public var exit = 0
  public var isCommitted = false
  /// Whether it looked at those files only that a list named.
  public var isOfList = false
  /// Of files and of records; a past run's other numbers are in its report only.
  public var counts = RunCounts()
  public var failures: [(path: Path, reason: String)] = []
  /// Files whose data is followed by other bytes.
  public var trailing: [Path] = []
  public var notes: [String] = []
  /// What of its job decides the bytes of the dataset; empty for runs that did not say.
  public var keys: [String] = []
  /// The report itself, one JSON object on one line.
  public private(set) var json: [UInt8] = []

  /// - Throws: When it is no report.
  public init(json: [UInt8]) throws {
    let report = try JSONObject(json.span)
    self.json = json.last == ASCII.lineFeed ? json.dropLast() : json
    job = report.string("job") ?? ""
    started = report.string("started") ?? ""
    finished = report.string("finished") ?? ""
    seconds = report.raw("seconds").flatMap { Double($0.span.text()) } ?? 0
    exit = report.integer("exit") ?? 0
    isCommitted = report.boolean("committed") ?? false
    isOfList = report.boolean("filesFrom") ?? false
    counts.files = RunCounts.Files(report.object("files"))
    counts.records = RunCounts.Records(report.object("records"))
    failures = (report.array("failures") ?? []).compactMap { json in
      guard let failure = try? JSONObject(json.span), let path = failure.bytes("path") else {
        return nil
      }
      return (Path(bytes: path), failure.string("reason") ?? "")
    }
    trailing = (report.strings("trailingData") ?? []).map { Path(bytes: $0) }
    notes = (report.strings("notes") ?? []).map { $0.span.text() }
    keys = (report.strings("keys") ?? []).map { $0.span.text() }
  }

  /// How it ended; nil for a number that is no exit status of ours.
  public var status: ExitStatus? { ExitStatus(rawValue: exit) }

  /// What the exit status means, in a word.
  public var verdict: String { (status ?? .failed).word }
}
