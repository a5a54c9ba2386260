import Bytes
import CloudTrail
import Listing
import Reading
import TestSupport
import Testing

struct FileFilterTests {
  private static let files = [
    "AWSLogs/111111111111/CloudTrail/eu-west-1/2026/11/18/e.json",
    "AWSLogs/111111111111/CloudTrail/us-east-1/2026/11/19/f.json",
    "AWSLogs/o-ab12cd34ef/222222222222/CloudTrail/eu-west-1/2021/12/22/c.json",
    "AWSLogs/o-ab12cd34ef/222222222222/CloudTrail/eu-west-1/2021/12/23/d.json",
    "loose.json",
    "o-zz12cd34ef/AWSLogs/333333333333/CloudTrail/eu-west-1/2026/11/20/g.json",
  ]

  /// The first letters of the names of the files that are taken, in order.
  private func taken(_ change: (inout FileFilter) -> Void) throws -> String {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    try FileTree.write(
      FileFilterTests.files.map { TreeFile(path: $0, bytes: []) }, in: folder.path)
    var filter = FileFilter()
    change(&filter)
    let names = try ListedTree(folder.path).groups.filter { filter.takes($0.facts) }
      .flatMap(\.files).map { String(decoding: $0.name.prefix(1), as: UTF8.self) }
    return names.sorted().joined()
  }

  @Test func `no selection takes all`() throws {
    #expect(try taken { _ in } == "cdefgl")
  }

  @Test func `accounts in paths decide, where a path has one`() throws {
    #expect(try taken { $0.accounts = [Glob("1*"), Glob("333333333333")] } == "efgl")
  }

  @Test func `a region's old folders may hold events of global services`() throws {
    #expect(try taken { $0.regions = [Glob("us-east-1")] } == "cfl")
    #expect(try taken { $0.regions = [Glob("us-east-2")] } == "l")
    #expect(try taken { $0.regions = [Glob("eu-*")] } == "cdegl")
  }

  @Test func `only a path gives the organization, also as a prefix`() throws {
    #expect(try taken { $0.organizations = [Glob("o-ab12cd34ef")] } == "cd")
    #expect(try taken { $0.organizations = [Glob("o-*")] } == "cdg")
  }

  @Test func `delivery dates begin with the first and end before the last`() throws {
    let day = try #require(Day("2026-11-19"))
    #expect(try taken { $0.deliveredFrom = day } == "fgl")
    #expect(try taken { $0.deliveredTo = day } == "cdel")
    #expect(try taken { ($0.deliveredFrom, $0.deliveredTo) = (day, day.advanced(by: 1)) } == "fl")
  }
}
