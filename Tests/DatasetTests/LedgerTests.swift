import Bytes
import CloudTrail
import Dataset
import TestSupport
import Testing

struct LedgerTests {
  /// Entries with everything, with nothing but what must be there, and with odd names.
  private static func made() -> [Path: LedgerEntry] {
    var full = LedgerEntry(
      path: "m/b.json.gz", byteCount: 12, modified: .max, outcome: .trailingData)
    full.hash = SHA256Digest(of: [1].span)
    full.recordCount = 7
    full.firstTime = EventTime(seconds: -1, nanoseconds: 1)
    full.lastTime = EventTime(seconds: 1_795_046_400)
    full.reason = "a \"reason\"\n"
    full.offset = 0
    full.account = PartitionValue("012345678910".utf8.span)
    full.region = PartitionValue("a/b é".utf8.span)
    let odd = Path(bytes: Array("m/\u{7F}\"\\".utf8) + [0xFF, 0xED, 0xA0, 0x80])
    let entries = [
      full, LedgerEntry(path: "m/a", byteCount: 0, modified: -1, outcome: .read),
      LedgerEntry(path: odd, byteCount: 1, modified: 0, outcome: .failed),
      LedgerEntry(path: "m/c", byteCount: 1, modified: 0, outcome: .salvaged),
      LedgerEntry(path: "m/d", byteCount: 1, modified: 0, outcome: .noRecord),
    ]
    return Dictionary(uniqueKeysWithValues: entries.map { ($0.path, $0) })
  }

  private static let day = Day(daysSince1970: 20_776)

  private func withLedger(_ text: [UInt8], _ body: (Ledger) throws -> Void) throws {
    try TemporaryFolder.with { folder in
      let layout = DatasetLayout(Path(folder.path))
      let name = DatasetLayout.ledgerName(day: Self.day)
      let path = layout.ledger.appending(name)
      try FileTree.write(text, to: layout.relative(path).description, in: folder.path)
      try FileTree.write("", to: "_trailmerge/ledger/\(name).bak", in: folder.path)
      try body(Ledger(layout))
    }
  }

  @Test func `entries come back as they were, and are written by path`() throws {
    let text = Ledger.text(Self.made())
    try withLedger(text) { ledger in
      let names = try ledger.names()
      #expect(names == ["2026-11-19.ndjson"])
      let entries = try ledger.entries(day: Self.day)
      #expect(entries == Self.made())
      #expect(Ledger.text(entries) == text)
      for other in [Day(daysSince1970: 0), nil] {
        let none = try ledger.entries(day: other)
        #expect(none.isEmpty)
      }
    }
  }

  @Test func `a line that cannot be understood is an error that names its byte`() throws {
    let text = Ledger.text(Self.made())
    let second = try #require(text.firstIndex(of: 0x0A)) + 1
    for damage in [Array("{}".utf8), Array("x".utf8), Array(text[second...].prefix(40))] {
      try withLedger(Array(text[..<second]) + damage + [0x0A]) { ledger in
        let error = #expect(throws: DatasetError.self) { try ledger.entries(day: Self.day) }
        #expect(error?.description.contains("byte \(second)") == true)
      }
    }
  }

  @Test func `a day's name leads back to the day`() {
    for number: Int32? in [nil, 0, -1, 20_776, -719_528, 2_932_896] {
      let day = number.map { Day(daysSince1970: $0) }
      let name = DatasetLayout.ledgerName(day: day)
      #expect(DatasetLayout.day(ofLedger: name) == day)
      let path = DatasetFile.DeliveryKind.ledger.folder.appending(name)
      #expect(DatasetFile(path: path) == .ofDelivery(.ledger, day))
    }
  }
}
