import Bytes
import CloudTrail
import Dataset
import TestSupport
import Testing

struct LedgerTests {
  /// Entries with everything, with nothing but what must be there, and with odd names.
  private static func made() -> [Path: LedgerEntry] {
    var full = LedgerEntry(
      path: "m/b.json.gz", byteCount: 12, outcome: .trailingData)
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
      full, LedgerEntry(path: "m/a", byteCount: 0, outcome: .read),
      LedgerEntry(path: odd, byteCount: 1, outcome: .failed),
      LedgerEntry(path: "m/c", byteCount: 1, outcome: .salvaged),
      LedgerEntry(path: "m/d", byteCount: 1, outcome: .noRecord),
    ]
    return Dictionary(uniqueKeysWithValues: entries.map { ($0.path, $0) })
  }

  @Test func `entries come back as they were, and are written by path`() throws {
    let text = Ledger.text(Self.made())
    let entries = try Ledger.entries(text, path: "ledger")
    #expect(entries == Self.made())
    #expect(Ledger.text(entries) == text)
  }

  @Test func `a line that cannot be understood is an error that names its byte`() throws {
    let text = Ledger.text(Self.made())
    let second = try #require(text.firstIndex(of: 0x0A)) + 1
    for damage in [Array("{}".utf8), Array("x".utf8), Array(text[second...].prefix(40))] {
      let damaged = Array(text[..<second]) + damage + [0x0A]
      let error = #expect(throws: DatasetError.self) {
        try Ledger.entries(damaged, path: "ledger")
      }
      #expect(error?.description.contains("byte \(second)") == true)
    }
  }
}

struct DeliverySlotTests {
  @Test func `a slot's text leads back to it`() throws {
    for number: Int32 in [0, -1, 20_776, -719_528, 2_932_896] {
      let slot = DeliverySlot.day(Day(daysSince1970: number))
      #expect(DeliverySlot(slot.text) == slot)
    }
    for number in UInt8.min...UInt8.max {
      #expect(DeliverySlot(DeliverySlot.undated(number).text) == .undated(number))
    }
    for text in ["", "undated", "undated-", "undated-A0", "undated-+1", "undated-0", "2026-1-1"] {
      #expect(DeliverySlot(text) == nil, "\(text)")
    }
  }

  @Test func `files without a date are spread by their folders, all of one folder together`() {
    let slots = (0..<500).map { folder in
      [
        DeliverySlot(day: nil, source: Path("m/\(folder)/a")),
        DeliverySlot(day: nil, source: Path("m/\(folder)/b")),
      ]
    }
    #expect(slots.allSatisfy { $0[0] == $0[1] })
    #expect(Set(slots.map { $0[0] }).count > 200)
    let day = Day(daysSince1970: 20_776)
    #expect(DeliverySlot(day: day, source: "m/1/a") == .day(day))
  }
}
