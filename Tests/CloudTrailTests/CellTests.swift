import Bytes
import CloudTrail
import Testing

struct CellTests {
  private static func cell(
    _ account: String, _ region: String, day: Int32 = 20_776, family: Family = .events
  ) -> Cell {
    Cell(
      family: family, account: PartitionValue(account.utf8.span),
      region: PartitionValue(region.utf8.span), day: Day(daysSince1970: day))
  }

  @Test(arguments: [
    ([PartitionKey.account, .region, .dt], "account=012345678910/region=eu-west-1/dt=2026-11-19"),
    ([.dt], "dt=2026-11-19"), ([.year, .month, .dt], "year=2026/month=2026-11/dt=2026-11-19"),
    ([.dt, .hour], "dt=2026-11-19/hour=07"),
    ([.region, .account], "region=eu-west-1/account=012345678910"),
    ([], ""),
  ])
  func `the folder has the keys in their order`(keys: [PartitionKey], folder: String) {
    let cell = Self.cell("012345678910", "eu-west-1")
    #expect(cell.folder(by: keys, hour: 7).description == folder)
  }

  @Test func `no text of a record leads out of the folder`() {
    for text in ["../../etc", "..", "/", "a/b", "\u{0}", "", "a\\b"] {
      let folder = Self.cell(text, text).folder(by: [.account, .region, .dt])
      let segments = folder.bytes.split(separator: 0x2F, omittingEmptySubsequences: false)
      #expect(segments.count == 3, "\(text)")
      #expect(segments[0].starts(with: "account=".utf8), "\(text)")
      #expect(segments[1].starts(with: "region=".utf8), "\(text)")
      #expect(!folder.bytes.contains(0), "\(text)")
    }
  }

  @Test func `days are together in the order of cells, families apart`() {
    let cells = [
      Self.cell("1", "a", day: 1), Self.cell("1", "b", day: 1), Self.cell("2", "a", day: 1),
      Self.cell("1", "a", day: 2), Self.cell("1", "a", day: 0, family: .insight),
    ]
    #expect(cells.reversed().sorted() == cells)
  }

  @Test func `only with account, region and day in the keys a partition is within a cell`() {
    #expect([PartitionKey.dt, .account, .region].isWithinCell)
    #expect([PartitionKey.account, .region, .dt, .hour].isWithinCell)
    for missing in [PartitionKey.account, .region, .dt] {
      #expect(![PartitionKey.account, .region, .dt, .hour].filter { $0 != missing }.isWithinCell)
    }
  }
}
