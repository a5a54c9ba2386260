import Bytes

/// Random trees that hold whatever a reader of CloudTrail files can meet.
///
/// What they leave out on purpose is what the rules leave open: zeros after a CloudTrail file's
/// member, offsets without a colon, leap seconds.
public struct NastyTree {
  private var random: SeededGenerator
  private var maker: NastyRecord
  private var files: [TreeFile] = []

  /// - Returns: `count` files or a few less, each path once.
  /// - Throws: only if zlib cannot compress.
  public static func files(seed: UInt64, count: Int = 24) throws -> [TreeFile] {
    var tree = NastyTree(seed: seed)
    for _ in 0..<count { try tree.addFile() }
    var paths: Set<String> = []
    return tree.files.filter { paths.insert($0.path).inserted }
  }

  private init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    maker = NastyRecord(random: SeededGenerator(seed: ~seed))
  }

  private mutating func addFile() throws {
    switch random.within(0...19) {
    case 0...7: try addLog()
    case 8...13: try addLoose()
    case 14, 15: try addDamaged()
    case 16: try addTrailing()
    default: try addSkipped()
    }
  }

  // MARK: - CloudTrail files

  private mutating func addLog() throws {
    let bytes = Array(recordsDocument(pathTells: true).utf8)
    // Browsers inflate on download and keep the name.
    let isPlain = random.oneIn(6)
    add(isPlain ? bytes : try gzipped(bytes), at: logPath())
  }

  /// Every layout: account, organization, prefixes, parts of a tree, names alone.
  private mutating func logPath() -> String {
    let account = random.pick(["012345678910", "222233334444"])
    let region = random.pick(["us-east-1", "eu-central-1"])
    let day = random.pick(["2026/11/01", "2026/11/02"])
    let stamp = day.filter { $0 != "/" } + "T10\(random.within(10...59))Z"
    let unique = String(random.next(), radix: 16)
    let name = "\(account)_CloudTrail_\(region)_\(stamp)_\(unique).json.gz"
    let folders = "\(account)/CloudTrail/\(region)/\(day)"
    return switch random.within(0...9) {
    case 0: "AWSLogs/o-ab12cd34ef/\(folders)/\(name)"
    case 1: "o-ab12cd34ef/AWSLogs/o-ab12cd34ef/\(folders)/\(name)"
    case 2: "a prefix/b/AWSLogs/\(folders)/\(name)"
    case 3: "flat/\(name)"
    case 4: "AWSLogs/\(folders)/renamed-\(unique).json"
    case 5: "AWSLogs/prod/\(folders)/\(name)"
    case 6: "AWSLogs/o-ab12cd34ef/ou-1/\(folders)/renamed-\(unique).json"
    case 7: "AWSLogs/999988887777/\(random.pick(["Config", "CloudTrail-Digest"]))/x/\(name)"
    default: "AWSLogs/\(folders)/\(name)"
    }
  }

  /// One object with one array of `Records`, which need not come first.
  private mutating func recordsDocument(pathTells: Bool) -> String {
    let spacing = random.pick(NastyRecord.Spacing.allCases)
    var elements: [String] = []
    for _ in 0..<random.within(0...8) {
      elements.append(maker.element(spacing, pathTells: pathTells))
    }
    if !pathTells, !elements.isEmpty { elements.append(maker.plainRecord(spacing)) }
    var members = ["\"Records\"" + maker.gap(spacing) + ":" + array(elements, spacing)]
    if random.oneIn(4) { members.insert(#""meta":{"Records":[{"eventID":"id-0"}]}"#, at: 0) }
    if random.oneIn(5) { members.append(#""other":[null,"Records"]"#) }
    if random.oneIn(9) {
      members = members.map { $0.replacingPrefix(#""Records""#, with: #""\u0052ecords""#) }
    }
    return "{" + maker.gap(spacing) + members.joined(separator: "," + maker.gap(spacing))
      + maker.gap(spacing) + "}" + maker.gap(spacing)
  }

  private mutating func array(_ elements: [String], _ spacing: NastyRecord.Spacing) -> String {
    "[" + maker.gap(spacing) + elements.joined(separator: maker.gap(spacing) + ",")
      + maker.gap(spacing) + "]"
  }

  // MARK: - Loose files

  private mutating func addLoose() throws {
    let name = "loose-\(String(random.next(), radix: 36))"
    let extensions = [
      ".json", ".ndjson", ".jsonl", ".json.gz", ".ndjson.gz", ".jsonl.gz", "", ".gz", ".log",
      ".log.gz", ".cloudtrail", ".txt", ".json.bak",
    ]
    let path = random.pick(["", "exports/", "CloudTrail/"]) + name + random.pick(extensions)
    let spacing = random.pick(NastyRecord.Spacing.allCases)
    var documents: [String] = [maker.plainRecord(spacing)]
    for _ in 0..<random.within(0...5) {
      documents.append(maker.element(spacing, pathTells: false))
    }
    documents.shuffle(using: &random)
    var text: String
    if random.oneIn(8) { documents.append(notification) }
    switch random.within(0...5) {
    case 0: text = recordsDocument(pathTells: false)
    case 5: text = export(documents)
    case 1: text = array(documents, spacing)
    case 2: text = maker.plainRecord(.pretty)
    // Lines, or documents with whatever is between them.
    case 3: text = documents.joined(separator: random.pick(["\n", "\r\n", "\n\n"])) + "\n"
    default: text = recordsDocument(pathTells: false) + maker.plainRecord(.none) + "[ ]"
    }
    if random.oneIn(4) { text = "\u{FEFF}" + text }
    let bytes = Array(text.utf8)
    switch random.within(0...2) {
    case 0: add(bytes, at: path)
    case 1: add(try gzipped(bytes), at: path)
    // Several members, cut anywhere, with the zeros that tapes leave.
    default:
      let cut = random.within(0...bytes.count)
      let members = try gzipped(Array(bytes[..<cut])) + gzipped(Array(bytes[cut...]))
      add(members + (random.oneIn(3) ? [0, 0, 0] : []), at: path)
    }
  }

  /// Messages after their time stamps; the first one is a record, or nobody would look.
  private mutating func export(_ documents: [String]) -> String {
    let others = [
      "START RequestId: 1", #"{"eventID":"cut off"#, "", #"two "lines"\#n\tand \ a tab"#,
      #"{"eventID":"x"} and more"#, "[1]", "2026-11-01T10:00:00Z",
    ]
    var lines =
      [maker.plainRecord(.spaces)]
      + documents.map { document in
        random.oneIn(3) ? random.pick(others) : document
      }
    lines = lines.map { line in
      random.pick(["2026-11-01T10:00:00.123Z ", "2026-11-01T10:00:00Z "]) + line
    }
    let lineBreak = random.pick(["\n", "\r\n"])
    return lines.joined(separator: lineBreak) + (random.oneIn(3) ? "" : lineBreak)
  }

  // MARK: - What fails, what trails, what is skipped

  private mutating func addDamaged() throws {
    let isLog = random.oneIn(2)
    let path =
      isLog ? logPath() : "damaged-\(random.next())" + random.pick([".json", "", ".log.gz", ".x"])
    let record = maker.plainRecord(.none)
    let whole = try gzipped(Array(recordsText(record).utf8))
    var badSum = whole
    badSum[badSum.count - 6] ^= 0x55
    let texts = [
      #"{"Records":[\#(record)"#, #"{"Records":[\#(record),]}"#, #"{"Records":[{"a":NaN}]}"#,
      #"{"Records":[{"a":01}]}"#, "{\"Records\":[{\"a\":\"\u{1}\"}]}",
      #"{"Records":[\#(record)],"Records":[]}"#, #"{"Records":[\#(record)]}}"#,
      #"{"Records":[\#(record)],"\u0052ecords":[]}"#, #"{"Records":null,"Records":[\#(record)]}"#,
      #"{"Records":7,"eventID":"id-1","Records":null}"#, " \n", #"{"Records":[{"a":"\x"}]}"#,
      "not JSON", "[section]\nkey = value\n", "{ int main(void); }", "[", #"{"a":"#,
      #"{"eventTime":"2026-11-01T10:00:00Z",oops}"#,
    ]
    switch random.within(0...4) {
    case 0: add([], at: path)
    case 1: add(Array(whole.prefix(random.within(3...whole.count - 1))), at: path)
    case 2: add(badSum, at: path)
    default:
      let bytes = Array(random.pick(texts).utf8)
      add(random.oneIn(2) ? bytes : try gzipped(bytes), at: path)
    }
  }

  private mutating func addTrailing() throws {
    let first = try gzipped(Array(recordsText(maker.plainRecord(.spaces)).utf8))
    let second = try gzipped(Array(recordsText(#"{"eventID":"injected"}"#).utf8))
    if random.oneIn(2) {
      add(first + (random.oneIn(2) ? second : Array("junk".utf8)), at: logPath())
    } else {
      add(first + Array("junk".utf8), at: "trailing-\(random.next()).json.gz")
    }
  }

  private mutating func addSkipped() throws {
    let record = Array(recordsText(maker.plainRecord(.none)).utf8)
    let below = "us-east-1/2026/11/01/file-\(random.next()).json.gz"
    let account = "AWSLogs/012345678910"
    switch random.within(0...10) {
    case 9: add(try gzipped(record), at: logPath() + ".gz.3aFb12cd")
    case 10: add(try gzipped(record), at: "\(account)/CloudTrail/\(digestName())")
    case 0: add(try gzipped(record), at: "\(account)/CloudTrail-Insight/\(below)")
    case 1: add(try gzipped(record), at: "\(account)/CloudTrail-Digest/\(below)")
    case 2: add(try gzipped(record), at: "\(account)/Config/\(below)")
    case 3: add(try gzipped(record), at: "AWSLogs/o-ab12cd34ef/012345678910/vpcflowlogs/\(below)")
    case 4: add(record, at: ".cache/\(random.next()).json")
    case 5: add(record, at: "\(account)/CloudTrail/us-east-1/2026/11/01/.part-\(random.next())")
    case 6:
      let text = random.pick(["notes", "", "#!/bin/sh", "2026-11-01T10:00:00Z INFO started"])
      let bytes = Array(text.utf8)
      add(random.oneIn(2) ? bytes : try gzipped(bytes), at: "notes-\(random.next()).txt")
    case 7: add(Array(notification.utf8), at: "notification-\(random.next()).json")
    default: add(Array(#"{"digestS3Bucket":"b","logFiles":[]}"#.utf8), at: "d\(random.next()).json")
    }
  }

  private mutating func digestName() -> String {
    "012345678910_CloudTrail-Digest_us-east-1_a_trail_us-east-1_20261101T10\(random.within(10...59))"
      + "00Z.json.gz"
  }

  private func recordsText(_ record: String) -> String { #"{"Records":[\#(record)]}"# }

  private let notification = """
    {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventTime":"2026-11-01T10:00:00Z",\
    "eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"}}}]}
    """

  private mutating func add(_ bytes: [UInt8], at path: String) {
    files.append(TreeFile(path: path, bytes: bytes))
  }
}

extension String {
  fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
    hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
  }
}
