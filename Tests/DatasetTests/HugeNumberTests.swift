import Bytes
import CloudTrail
import Dataset
import Foundation
import TestSupport
import Testing

/// Numbers that no dataset has: whoever can write to one can write any number.
@Suite("A number on disk that is larger than any dataset's")
struct HugeNumberTests {
  private func cell(_ day: Int, records: Int, flaws: Int? = nil) -> String {
    let flawed = flaws.map {
      #","strictReadersRefuse":{"records":\#($0),"loneSurrogate":0,"invalidUTF8":0}"#
    }
    return #"""
      {"family":"events","account":"1","region":"r","dt":"2026-11-0\#(day)","records":\#(records),\#
      "first":"2026-11-01T00:00:00Z","last":"2026-11-01T00:00:00Z"\#(flawed ?? "")}

      """#
  }

  private func partition(_ number: Int, bytes: Int, records: Int) -> String {
    let hash = String(repeating: "0", count: 64)
    return #"""
      {"folder":"csv/dt=2026-11-0\#(number)","parts":[{"name":"part-00000.csv","bytes":\#(bytes),\#
      "records":\#(records),"sha256":"\#(hash)","first":"2026-11-01T00:00:00Z",\#
      "last":"2026-11-01T00:00:00Z"}]}

      """#
  }

  private func isDamaged(_ text: String) -> Bool {
    do {
      _ = try PartitionList(Array(text.utf8), path: "list")
      return false
    } catch {
      return error.damage != nil
    }
  }

  @Test("is damage in a list, alone and as a sum")
  func lists() {
    #expect(!isDamaged(cell(1, records: 5, flaws: 5) + partition(1, bytes: 1, records: 5)))
    #expect(isDamaged(cell(1, records: 5, flaws: 6)))
    #expect(isDamaged(cell(1, records: .max)))
    #expect(isDamaged(cell(1, records: .max) + cell(2, records: .max)))
    #expect(
      isDamaged(partition(1, bytes: .max, records: 1) + partition(2, bytes: .max, records: 1)))
    #expect(
      isDamaged(partition(1, bytes: 1, records: .max) + partition(2, bytes: 1, records: .max)))
  }

  @Test("is damage in a ledger")
  func ledger() {
    func entry(_ bytes: String, _ records: String) -> [Path: LedgerEntry]? {
      let text = #"{"path":"a","bytes":\#(bytes),"outcome":"read","records":\#(records)}"#
      return try? Ledger.entries(Array("\(text)\n".utf8), path: "ledger")
    }
    #expect(entry("1", "1") != nil)
    #expect(entry("-1", "1") == nil)
    #expect(entry("1", "-1") == nil)
    #expect(entry("1", "\(Int.max)") == nil)
  }

  @Test("does not end a sum of totals, nor a sentence about pieces")
  func sums() {
    var (totals, huge) = (Manifest.Totals(), Manifest.Totals())
    huge.byteCount = .max
    for _ in 0..<3 { totals.replace(Manifest.Totals(), with: huge) }
    #expect(totals.byteCount == .max)
    #expect([Int.max, 1, -1].clampedSum() == .max - 1)
    let part = DatasetPart(.shard, of: SHA256Digest(words: (0, 0, 0, 0)), numbers: [2], count: .max)
    #expect(part.missingDescription.contains("1/\(Int.max), 3/\(Int.max)"))
  }

  @Test("is damage as the size of a root, which is not read then")
  func rootSize() throws {
    let folder = try TemporaryFolder()
    let layout = DatasetLayout(Path(folder.path))
    try FileSystem.createFolders(layout.manifest.parent)
    try FileSystem.writeAtomically("{".utf8.span, to: layout.manifest)
    let file = try FileHandle(forWritingTo: URL(filePath: layout.manifest.description))
    try file.truncate(atOffset: 1 << 40)
    try file.close()
    #expect(throws: DatasetError.self) { try Manifest(of: layout) }
  }
}
