import Bytes
import CloudTrail
import Reading
import TestSupport
import Testing

/// The forms in which other AWS services hand CloudTrail's records on.
struct EnvelopeTests {
  private let first = record(
    "1", more: #""errorMessage":"a \"b\"\nc","requestParameters":{"n":1.0}"#)
  private let second = record("2", more: #""userAgent":"é \u00e9 \/","x":[{},[]]"#)

  private func lookup(_ record: String) -> String {
    #"{"EventId":"x","EventTime":1424476529.0,"ReadOnly":"false","CloudTrailEvent":"#
      + quoted(record) + #","Resources":[{"ResourceName":"bob"}]}"#
  }

  private func logEvents(_ messages: [String], type: String = "DATA_MESSAGE") -> String {
    let events = messages.map { #"{"id":"3856","timestamp":1,"message":\#(quoted($0))}"# }
    return #"{"messageType":"\#(type)","owner":"012345678910","logGroup":"g","logEvents":["#
      + events.joined(separator: ",") + #"],"logStream":"s"}"#
  }

  @Test func `lookup-events give the records as the trail has them`() throws {
    let tree = try ReadTree(#"{"Events":[\#(lookup(first)), \#(lookup(second))],"NextToken":"t"}"#)
    #expect(tree.records == [first, second])
    #expect(tree.outcome?.recordCount == 2)
  }

  @Test func `lookup-events may also be one a line`() throws {
    let tree = try ReadTree(lookup(first) + "\n" + lookup(second) + "\n")
    #expect(tree.records == [first, second])
  }

  @Test func `log events come back to back, in several gzip members`() throws {
    let members = [logEvents([first]) + logEvents([second]), logEvents([first, second])]
    let bytes = try members.flatMap { try gzipped(Array($0.utf8)) }
    let tree = try ReadTree([TreeFile(path: "firehose.json.gz", bytes: bytes)])
    #expect(tree.records == [first, second, first, second])
    #expect(tree.outcome?.hasTrailingData == false)
  }

  @Test func `messages that only test a subscription are no records`() throws {
    let control = logEvents(["CWL CONTROL MESSAGE: Checking health"], type: "CONTROL_MESSAGE")
    let mixed = try ReadTree(control + logEvents([first]))
    #expect(mixed.records == [first])
    #expect(mixed.outcome?.recordCount == 1)
    let alone = try ReadTree(control)
    #expect(alone.outcome?.recordCount == 0)
    #expect(alone.outcome?.skip == nil)
  }

  @Test(arguments: ["AWS API Call via CloudTrail", "AWS Console Sign In via CloudTrail"])
  func `an EventBridge event gives its detail`(_ type: String) throws {
    let text = #"{ "id": "e", "detail" : \#(first), "detail-type" : "\#(type)", "resources":[] }"#
    #expect(try ReadTree(text).records == [first])
    let compact = #"{"detail":\#(first),"detail-type":"\#(type)"}"#
    #expect(try ReadTree(compact + compact).records == [first, first])
  }

  @Test(arguments: ["Records", "Events", "logEvents"])
  func `a record with an array of such a name is a record, and nothing in it is`(_ key: String)
    throws
  {
    for array in ["[]", "[1]", #"[{"message":"{}"}]"#, "[\(second)]"] {
      let outer = record("3", more: #""\#(key)":\#(array)"#)
      #expect(try ReadTree(first + "\n" + outer + "\n").records == [first, outer])
    }
  }

  @Test func `events of other services are no records`() throws {
    let other = #"{"detail-type":"GuardDuty Finding","detail":\#(first),"time":"t"}"#
    #expect(try ReadTree(other).outcome?.skip == .noRecord)
  }

  @Test func `an EventBridge event in a log event is found, too`() throws {
    let event = #"{"detail-type":"AWS API Call via CloudTrail","detail":\#(first)}"#
    #expect(try ReadTree(logEvents([event])).records == [first])
  }

  @Test func `white space inside the text is squeezed out`() throws {
    let spaced = " { \"eventID\" : \"1\",\n\t\"eventTime\" : \"2026-11-19T08:00:00Z\" } \n"
    let tree = try ReadTree(lookup(spaced))
    #expect(tree.records == [#"{"eventID":"1","eventTime":"2026-11-19T08:00:00Z"}"#])
  }

  @Test(arguments: [#"{"eventID":01}"#, "no JSON", "", #"["eventID"]"#, #"{"eventID":"1"} {}"#])
  func `a text that is not one JSON object is rejected with its envelope`(_ text: String) throws {
    let tree = try ReadTree(lookup(first) + lookup(text))
    #expect(tree.records == [first])
    #expect(tree.rejected == [lookup(text)])
    #expect(tree.outcome?.rejectedCount == 1)
  }

  @Test func `envelopes mean nothing in a record and in a log file`() throws {
    let record = record("1", more: #""message":"\#("{}")","CloudTrailEvent":"{}""#)
    #expect(try ReadTree(record).records == [record])
    let name = "012345678910_CloudTrail_eu-west-1_20261119T0805Z_abcdefghijklmnop.json"
    let log = try ReadTree(#"{"Records":[\#(lookup(first))]}"#, name: name)
    #expect(log.rejected == [lookup(first)])
  }

  @Test func `a batch's end may fall anywhere`() throws {
    let expected = (0..<60).map { record("id-\($0)", more: #""text":"\n\"\u00e9\"""#) }
    let text = #"{"Events": [ "# + expected.map(lookup).joined(separator: " , ") + " ] }"
    for size in [700, 1000, 4096] {
      #expect(try ReadTree(text, batchSize: size).records == expected)
    }
  }

  @Test func `the CSV of the event history is skipped by its name, other CSV as any file`() throws {
    let header = "User name,AWS access key,Event time,Event source,Event name,AWS region\n"
    let tree = try ReadTree([
      TreeFile(path: "event_history.csv", bytes: Array(header.utf8)),
      TreeFile(path: "marked.csv", bytes: [0xEF, 0xBB, 0xBF] + Array(header.utf8)),
      TreeFile(path: "other.csv", bytes: Array("User name,Age\n".utf8)),
    ])
    #expect(tree.skipped == ["event history CSV": 2])
    #expect(tree.outcomes["other.csv"]?.skip == .otherFileType)
  }
}
