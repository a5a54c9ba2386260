import CloudTrail
import Dispatch
import Segments
import TestSupport
import Testing

struct CellTableTests {
  private static func cell(_ number: Int) -> Cell {
    Cell(
      family: number % 2 == 0 ? .events : .insight,
      account: PartitionValue("\(number % 5)".utf8.span),
      region: PartitionValue("\(number % 3)".utf8.span), day: Day(daysSince1970: Int32(number)))
  }

  @Test func `a cell has one number, numbers begin at 0, and a number leads back to its cell`() {
    let table = CellTable()
    for number in 0..<50 { #expect(table.number(of: Self.cell(number)) == UInt32(number)) }
    for number in 0..<50 {
      #expect(table.number(of: Self.cell(number)) == UInt32(number))
      #expect(table.cell(UInt32(number)) == Self.cell(number))
    }
    #expect(table.number(of: Self.cell(50)) == 50)
  }

  @Test func `cells that differ in one part only are not taken for one another`() {
    let one = Self.cell(1)
    var (family, account, region, day) = (one, one, one, one)
    family.family = .aggregated
    account.account = .missing
    region.region = .missing
    day.day = day.day.advanced(by: 1)
    let table = CellTable()
    let numbers = [one, family, account, region, day].map(table.number)
    #expect(numbers == Array(0..<5))
  }

  @Test func `threads that ask at once get the same numbers`() {
    let table = CellTable()
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for number in 0..<500 { _ = table.number(of: Self.cell(number)) }
    }
    #expect(Set((0..<500).map { table.number(of: Self.cell($0)) }) == Set(0..<500))
    #expect(
      faults("cell", in: 0..<500) { number in
        let cell = Self.cell(number)
        return table.cell(table.number(of: cell)) == cell ? nil : "leads to another cell"
      } == [])
  }
}
