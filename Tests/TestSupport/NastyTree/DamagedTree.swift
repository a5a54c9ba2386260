import Bytes

/// Random files of records, most of them damaged somewhere, as plain text and as gzip data.
///
/// They are long enough to be read in several steps, and some of their records are long.
public struct DamagedTree {
  private var random: SeededGenerator
  private var recordCount = 0

  /// - Returns: `count` files; their names give their order.
  public static func files(seed: UInt64, count: Int) throws -> [TreeFile] {
    var tree = DamagedTree(random: SeededGenerator(seed: seed))
    return try (0..<count).map { try tree.file($0) }
  }

  private mutating func file(_ number: Int) throws -> TreeFile {
    var text =
      switch random.within(0...2) {
      case 0: log()
      case 1: loose()
      default: export()
      }
    if random.oneIn(3) { damage(&text) }
    var bytes = text
    if random.oneIn(2) {
      let cut = random.oneIn(3) ? random.within(0...text.count) : text.count
      bytes = try gzipped(Array(text[..<cut]))
      if cut < text.count { bytes += try gzipped(Array(text[cut...])) }
      if random.oneIn(4) { bytes += Array("junk".utf8) }
      if random.oneIn(3) { damage(&bytes) }
    }
    let digits = String(1000 + number).dropFirst()
    let folder = "AWSLogs/012345678910/CloudTrail/us-east-1/2026/11/19"
    let path = random.pick(["\(folder)/\(digits).json.gz", "\(digits).json", "\(digits).log"])
    return TreeFile(path: path, bytes: bytes)
  }

  /// Cuts the bytes off, or changes one or a few of them.
  private mutating func damage(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let place = random.within(0...bytes.count - 1)
    switch random.within(0...3) {
    case 0: bytes.removeLast(bytes.count - place)
    case 1: bytes[place] ^= 1 << UInt8(random.within(0...7))
    case 2: bytes[place] = random.pick(Array("\"{}[],:\\ \u{1}".utf8))
    default: bytes.insert(contentsOf: bytes[place...].prefix(random.within(1...200)), at: place)
    }
  }

  // MARK: Texts

  private mutating func log() -> [UInt8] {
    let head = random.pick([
      #"{"Records":["#, #"{ "a" : [1, {"b":null}], "Records" :  ["#,
      #"{"x":"\#(long(7))","Records":["#,
    ])
    let tail = random.pick(["]}", "] }\n", #"],"y":"\#(long(5))"}"#, #"], "z":12 }"#, "]}[]"])
    return Array((head + records().joined(separator: ",") + tail).utf8)
  }

  private mutating func loose() -> [UInt8] {
    let mark = random.oneIn(5) ? "\u{FEFF}" : ""
    let text = records().joined(separator: random.pick(["\n", "", "\r\n \t"]))
    return Array((mark + spaces() + text + "\n").utf8)
  }

  private mutating func export() -> [UInt8] {
    let lines = records().map { record in
      "2026-11-19T10:00:00.123Z " + (random.oneIn(9) ? "\"text\"\t\\ " + long(3) : record)
    }
    return Array(lines.joined(separator: "\n").utf8)
  }

  private mutating func records() -> [String] {
    (0..<random.pick([3, 40, 400, 800])).map { _ in
      recordCount += 1
      let space = random.oneIn(20) ? spaces() : ""
      // The longest are a mebibyte, of which there are few.
      let exponent = random.pick([3, 8, 8, 13, 13, 13, 13, 20])
      let text = random.oneIn(50) ? long(exponent) : random.pick(values)
      let record =
        #"{"eventID":\#(space)"id-\#(recordCount)","eventTime":"2026-11-19T08:00:00Z","a":"\#(text)"}"#
      return random.oneIn(60) ? random.pick(["17", #"{"eventID":"no time"}"#, "null"]) : record
    }
  }

  private let values = [
    "x", "\\u00e9", "\u{E9}", "\\ud83d", "\\ud83d\\ude00", "{}[],\\\"", "", "yyyyyyy",
  ]

  /// White space of any length.
  private mutating func spaces() -> String {
    String(repeating: " ", count: random.pick([0, 1, 3, 600, 40_000]))
  }

  /// A text of 2 to the power of `exponent` characters, or one less or more.
  private mutating func long(_ exponent: Int) -> String {
    String(repeating: "z", count: (1 << exponent) + random.within(-1...1))
  }
}
