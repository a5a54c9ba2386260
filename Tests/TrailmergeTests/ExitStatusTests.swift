import Dataset
import Testing

@testable import trailmerge

struct ExitStatusTests {
  @Test(
    "of several jobs the gravest status counts, in any order",
    arguments: [
      [0, 0], [0, 5], [5, 3], [3, 4], [3, 1], [11, 1], [64, 4], [4, 130], [0, 11], [0, 1, 3, 4],
    ])
  func gravest(fromLightest statuses: [Int]) {
    let all = statuses.compactMap(Dataset.ExitStatus.init(rawValue:))
    #expect(all.count == statuses.count)
    for order in [all, all.reversed()] {
      #expect(order.reduce(Dataset.ExitStatus.complete) { $0.graver(than: $1) } == all.last)
    }
  }

  @Test("every status has its line in the table and its place in the order")
  func everyStatusIsRanked() {
    for status in Dataset.ExitStatus.allCases {
      #expect(Dataset.ExitStatus.exitStatuses.contains("\n  \(status.rawValue) "))
      #expect(status.graver(than: .complete) == status)
    }
  }
}
