import Bytes
import Foundation
import Listing
import TestSupport
import Testing

/// What lists of keys say, kind by kind, and what is refused.
@Suite("A list of keys")
struct KeyListTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// What a list says: `bucket|key|size` for an object, `-` for nothing, `!` and the sentence for a problem,
  /// each after the number of its line.
  private func read(_ list: [UInt8]) throws -> [String] {
    try FileTree.write(list, to: "list", in: folder.path)
    var items: [String] = []
    try KeyList(Path(folder.appending("list"))).read { item, line in
      switch item {
      case .noKey: items.append("\(line) -")
      case .problem(let problem): items.append("\(line) !\(problem)")
      case .key(let key):
        let bucket = key.bucket.map { String(decoding: $0, as: UTF8.self) } ?? ""
        let size = key.byteCount.map(String.init) ?? ""
        items.append("\(line) \(bucket)|\(String(decoding: key.key, as: UTF8.self))|\(size)")
      }
    }
    return items
  }

  private func read(_ list: String) throws -> [String] { try read(Array(list.utf8)) }

  /// A JSON string.
  private static func quoted(_ text: String) -> String {
    var output = ByteBuffer()
    JSONText.appendQuoted(text, to: &output)
    return output.bytes.text()
  }

  private static let logName =
    "111111111111_CloudTrail_us-east-1_20261119T0210Z_abcdefghijklmnop.json.gz"

  @Test(
    "of lines",
    arguments: [
      ("a/b.json", "|a/b.json|"),
      ("a;b, \"c\" d.json", "|a;b, \"c\" d.json|"),
      ("a;b;12", "|a;b|12"),
      ("a/;-1", "|a/|"),
      ("a;", "|a;|"),
      (";12", "|;12|"),
      ("\"a\".json", "|\"a\".json|"),
      ("\"a.json\"", "!is a text in quotes, and no key"),
      ("null", "!is null, and no key"),
      ("CloudTrail validation message.", "-"),
      ("\(logName);123", "|\(logName)|123"),
      ("\(logName);x", "!has no size after the last semicolon: use --format ps"),
      ("\(logName);", "!has no size after the last semicolon: use --format ps"),
      (
        "a/\(logName);99999999999999999999999",
        "!has no size after the last semicolon: use --format ps"
      ),
      (" leading.json", "| leading.json|"),
      ("s3://t/a//b.json", "t|a//b.json|"),
      ("s3://t", "!names no bucket and key"),
      ("2026-11-19 02:10:05       1234 a b.json", "|a b.json|1234"),
      ("2026-11-19 02:10:05          0 a;1", "|a;1|0"),
      ("2026-11-19 02:10:05    1.2 KiB a b.json", "|a b.json|"),
      ("2026-11-19 02:10:05   11 Bytes a.json", "|a.json|"),
      ("2026-11-19 note.json", "|2026-11-19 note.json|"),
      ("Total Objects: 2", "-"),
      ("   Total Size: 2468", "-"),
      ("                           PRE AWSLogs/", "!is a folder in a listing without --recursive"),
      ("     1234 2026-11-19 02:10:05.000000000 a b.json", "|a b.json|1234"),
      ("     1234 a b.json", "|a b.json|1234"),
      ("1234567890 a b.json", "|a b.json|1234567890"),
      ("1234 a b.json", "|1234 a b.json|"),
      ("1234;a.json", "!is of rclone lsf in another format: use --format ps"),
      ("2026-11-19 02:10:05;12;a", "!is of rclone lsf in another format: use --format ps"),
      (
        "2026/11/19 02:10:05              1234  a.json",
        "!is a listing of s5cmd for people: list with --json or --show-fullpath"
      ),
    ])
  func lines(line: String, meaning: String) throws {
    #expect(try read(line + "\n") == ["1 \(meaning)"])
    // Without an end, and with that of another system.
    #expect(try read(line) == ["1 \(meaning)"])
    #expect(try read("\u{FEFF}\(line)\r\n\r\n\n\(line)\r\n") == ["1 \(meaning)", "4 \(meaning)"])
  }

  @Test(
    "of an inventory",
    arguments: [
      (#""t","a%2Fb+%2B%C3%A9.json""#, "t|a/b +é.json|"),
      (#""t","a/b.json","12","2026-11-19T00:00:00.000Z","etag","STANDARD""#, "t|a/b.json|12"),
      (#""t","a/b.json","2026-11-19T00:00:00.000Z","etag""#, "t|a/b.json|"),
      (#""t","a.json","v1","true","false","12","2026-11-19T00:00:00.000Z""#, "t|a.json|12"),
      (#""t","a.json","","true","false","12""#, "t|a.json|12"),
      (#""t","a.json","v1","true","false""#, "t|a.json|"),
      (#""t","a.json","v1","false","false","12""#, "-"),
      (#""t","a.json","v1","true","true","""#, "-"),
      (#""t","%22a%22%2C.json","12""#, "t|\"a\",.json|12"),
      (
        #""t","100%.json","12""#,
        "!has a key that is not URL-encoded, as those of an inventory are"
      ),
      (#""t","pre/broken"#, "!is of an inventory, and cut off or damaged"),
      (#""t"#, "!is of an inventory, and cut off or damaged"),
      (#""t","a.json"x"#, "!is of an inventory, and cut off or damaged"),
    ])
  func inventory(line: String, meaning: String) throws {
    #expect(try read(line + "\n") == ["1 \(meaning)"])
    #expect(try read(line + "\r\n") == ["1 \(meaning)"])
  }

  @Test("of an inventory with the names of its fields")
  func inventoryWithNames() throws {
    let list = """
      "Bucket","Key","ETag","IsLatest","Size"
      "t","a.json","123","true","9"
      "t","b.json","123","false","9"
      """
    #expect(try read(list) == ["1 -", "2 t|a.json|9", "3 -"])
  }

  @Test("of notifications, each as it is and in what hands it on")
  func notifications() throws {
    let trail = #"{"s3Bucket":"t","s3ObjectKey":["AWSLogs/a+%41.json.gz","b\u0020c.json"]}"#
    let s3 = """
      {"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"t"},\
      "object":{"key":"a+b%2B.json","size":12}}},{"eventSource":"aws:s3",\
      "eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"t"},"object":{"key":"gone.json"}}}]}
      """
    let bridge = """
      {"version":"0","source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":"t"},\
      "object":{"key":"a+b%2B.json","size":12}}}
      """
    let kinds: [(String, [String])] = [
      (trail, ["t|AWSLogs/a+%41.json.gz|", "t|b c.json|"]),
      (s3, ["t|a b+.json|12", "-"]),
      (bridge, ["t|a+b%2B.json|12"]),
      (bridge.replacing("Object Created", with: "Object Deleted"), ["-"]),
      (#"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"t"}"#, ["-"]),
    ]
    for (message, meaning) in kinds {
      let envelope = #"{"Type":"Notification","Message":\#(Self.quoted(message))}"#
      func queue(_ body: String) -> String {
        #"{"Messages":[{"MessageId":"1","ReceiptHandle":"r","Body":\#(Self.quoted(body))}]}"#
      }
      let lambda = #"{"Records":[{"messageId":"1","body":\#(Self.quoted(envelope))}]}"#
      for list in [message, envelope, queue(message), queue(envelope), lambda] {
        #expect(try read(list) == meaning.map { "1 \($0)" }, "\(list)")
      }
    }
    let test = "CloudTrail validation message."
    #expect(try read(#"{"Type":"Notification","Message":"\#(test)"}"#) == ["1 -"])
    #expect(try read(#"{"Messages":[{"MessageId":"1","Body":"\#(test)"}]}"#) == ["1 -"])
  }

  @Test("of listings in JSON, pretty or not, one document or several")
  func listings() throws {
    let pretty = """
      {
          "Contents": [
              {
                  "Key": "a b.json",
                  "Size": 12
              },
              {"Key": "c.json", "Size": 0}
          ],
          "RequestCharged": null
      }
      """
    #expect(try read(pretty) == ["1 |a b.json|12", "1 |c.json|0"])
    #expect(try read(#"{ "RequestCharged": null }"#) == ["1 -"])
    let versions = """
      {"Versions":[{"Key":"a","Size":1,"IsLatest":true},{"Key":"b","IsLatest":false}],"DeleteMarkers":[]}
      """
    #expect(try read(versions) == ["1 |a|1", "1 -"])
    #expect(try read(#"["a", "b\/c"]"#) == ["1 |a|", "1 |b/c|"])
    let lsjson = """
      [
      {"Path":"a","Name":"a","Size":1,"IsDir":false},
      {"Path":"b","Name":"b","Size":-1,"IsDir":true}
      ]
      """
    #expect(try read(lsjson) == ["2 |a|1", "3 -"])
    #expect(try read("[\n]\n") == [])
    #expect(
      try read(#"{"key":"s3://t/a b.json","type":"file","size":3}{"key":"s3://t/c"} d"# + "\ne")
        == ["1 t|a b.json|3", "1 t|c|", "1 !has text after a JSON document", "2 |e|"])
  }

  @Test(
    "names what it cannot understand, and goes on after it",
    arguments: [
      ("{\"a\":1}", "1 !is JSON of no known kind, with a"),
      ("{}", "1 !is JSON of no known kind, with nothing in it"),
      ("{\"Records\":[{\"eventID\":\"1\"}]}", "1 !is JSON of no known kind, with eventID"),
      ("{x", "1 !is not JSON at byte 1 of a document"),
      ("{\n \"Key\": x\n \"AWSLogs/q.json\"\n}", "1 !is not JSON at byte 10 of a document"),
      ("[1]", "1 !is JSON of no known kind"),
      (
        "{\"Type\":\"SubscriptionConfirmation\"}",
        "1 !is a message of type SubscriptionConfirmation: open its SubscribeURL"
      ),
      (
        "{\"fileSchema\":\"Bucket, Key\",\"files\":[]}",
        "1 !is the manifest of an inventory: give the files that it lists"
      ),
      ("{\"MessageId\":\"1\",\"Body\":\"hello\"}", "1 !is a message that is not JSON"),
    ])
  func problems(list: String, meaning: String) throws {
    let lines = list.split(separator: "\n").count
    #expect(
      try read("\(list)\n{\"Key\":\"a\",\"Size\":1}\nb\n")
        == [meaning, "\(lines + 1) |a|1", "\(lines + 2) |b|"])
  }

  @Test("is known by its first bytes where it is no list")
  func foreign() throws {
    #expect(try read("PAR1....")[0].hasPrefix("1 !is an inventory in Parquet or ORC"))
    #expect(try read([0xFF, 0xFE, 0x61, 0]) == ["1 !is UTF-16: save the list as UTF-8"])
    #expect(try read([0x61, 0, 0x0A, 0]) == ["1 !is UTF-16: save the list as UTF-8"])
    #expect(try read("{\"Messages\": [") == ["1 !is JSON that is cut off"])
    #expect(try read("[\"a\",\n\"b\"") == ["1 |a|", "2 |b|", "2 !is JSON that is cut off"])
  }

  @Test("may be empty, gzip, gzip of several members, and of any length")
  func forms() throws {
    for list in ["", "\n", "\u{FEFF}", "  \n \t"] { #expect(try read(list) == []) }
    let keys = (0..<20_000).map { "AWSLogs/\($0);\($0)" }
    let text = Array(keys.joined(separator: "\n").utf8)
    let meaning = keys.indices.map { "\($0 + 1) |AWSLogs/\($0)|\($0)" }
    #expect(try read(text) == meaning)
    let half = text.count / 2
    let members = try gzipped(Array(text[..<half])) + gzipped(Array(text[half...]))
    #expect(try read(members) == meaning)
    let cut = try read(Array(members.dropLast(9)))
    #expect(cut.last?.hasSuffix("!is cut off: the gzip data has no end") == true)
    let damaged = try read(members + Array("x".utf8) + members)
    #expect(damaged.count == meaning.count)
    #expect(damaged.last?.contains("!cannot be inflated") == true)
    let long = String(repeating: "x", count: 70 << 10)
    #expect(try read("a\n\(long)\nb") == ["1 |a|", "2 !is longer than 64 KiB", "3 |b|"])
  }
}
