import Bytes
import CloudTrail
import TestSupport
import Testing

struct RecordKeyTests {
  private static let uuid = "01234567-89ab-4def-9012-3456789abcde"

  /// The key of a record that begins at `start` of the bytes.
  private func key(_ record: String, at start: Int = 0) -> RecordKey? {
    let bytes = [UInt8](repeating: 0x20, count: start) + Array(record.utf8) + Array(",{}".utf8)
    var scanner = JSONScanner(bytes.span, at: start)
    var fields = RecordFields()
    guard (try? fields.capture(&scanner, shape: nil)) != nil else {
      Issue.record("no JSON: \(record)")
      return nil
    }
    return RecordKey(bytes.span, start..<scanner.position, fields)
  }

  private func record(id: String, time: String = #""2026-11-19T08:00:00Z""#) -> String {
    #"{"a":[1],"eventTime":\#(time),"eventID":\#(id)}"#
  }

  @Test(arguments: [
    (#""\#(uuid)""#, RecordIdentity.Kind.uuid),
    (#""0123456\u0037-89ab-4def-9012-3456789abcde""#, .uuid),
    (#""\#(uuid) ""#, .otherText), (#""x""#, .otherText), (#"" ""#, .otherText),
    (#""""#, .content), ("null", .content), ("17", .content), ("[]", .content), ("{}", .content),
    ("true", .content),
  ])
  func `the eventID decides of what kind the identity is`(
    id: String, kind: RecordIdentity.Kind
  ) throws {
    #expect(key(record(id: id))?.kind == kind)
  }

  @Test func `an eventID is the same however it is escaped`() throws {
    for (plain, escaped) in [
      (#""\#(Self.uuid)""#, #""\u0030123456\u0037-89ab-4def-9012-3456789abcde""#),
      (#""a/é""#, #""\u0061\/\u00e9""#), (#""\n""#, #""\u000A""#),
    ] {
      let identity = key(record(id: plain))?.identity
      #expect(key(record(id: escaped))?.identity == identity, "\(plain)")
    }
  }

  @Test func `without an eventID every byte of the record counts`() throws {
    let identities = [
      #"{"eventTime":"2026-11-19T08:00:00Z"}"#, #"{"eventTime":"2026-11-19T08:00:01Z"}"#,
      #"{"eventTime":"2026-11-19T08:00:00Z","a":1}"#,
      #"{"eventTime":"2026-11-19T08:00:00Z","a":2}"#,
      #"{"eventTime":"2026-11-19T08:00:00Z","eventID":null}"#,
    ].map { key($0)?.identity }
    #expect(Set(identities).count == identities.count)
    #expect(!identities.contains(nil))
  }

  @Test func `a key is the same wherever its record begins`() throws {
    for id in [#""\#(Self.uuid)""#, #""x""#, "null"] {
      let expected = key(record(id: id))
      for start in 1...9 {
        let found = key(record(id: id), at: start)
        #expect(found?.identity == expected?.identity && found?.time == expected?.time)
        #expect(found?.identityOffset == expected?.identityOffset)
      }
    }
  }

  @Test func `the offset leads to the text of the eventID inside the record`() throws {
    let record = record(id: #""x\u0079""#)
    let offset = Int(try #require(key(record)).identityOffset)
    #expect(String(decoding: Array(record.utf8)[offset...].prefix(7), as: UTF8.self) == #"x\u0079"#)
    #expect(key(self.record(id: "null"))?.identityOffset == 0)
  }

  @Test(arguments: [
    "null", "1795046400", #""""#, #""yesterday""#, #""2026-11-31T08:00:00Z""#, "{}",
    #"["2026-11-19T08:00:00Z"]"#,
  ])
  func `without a usable eventTime there is no key`(time: String) throws {
    #expect(key(record(id: #""x""#, time: time)) == nil)
    #expect(key(#"{"eventID":"x"}"#) == nil)
  }

  @Test func `an escaped eventTime is a time, too`() throws {
    let time = #""2026\u002d11-19T08:00:00Z""#
    #expect(key(record(id: #""x""#, time: time))?.time.text == "2026-11-19T08:00:00Z")
  }

  @Test func `of two eventIDs or times the first counts`() throws {
    let twice =
      #"{"eventID":"x","eventTime":"2026-11-19T08:00:00Z","eventID":"y","#
      + #""eventTime":"2026-11-20T08:00:00Z"}"#
    #expect(key(twice)?.identity == key(record(id: #""x""#))?.identity)
    #expect(key(twice)?.time.day.daysSince1970 == 20_776)
  }
}
