import CloudTrail
import JobRunner
import Listing
import Reading

/// Finding all files of the corpus and putting them in reading order.
final class DiscoverStage: Stage {
  let name = "discover (all files)"
  let coversWholeCorpus = true
  private let input: StageInput

  init(_ input: StageInput) {
    self.input = input
  }

  func run() throws {
    let found = try discover(
      [input.root], families: [.events], mapping: Workers(count: 0))
    precondition(found.list.files.count == input.list.files.count)
  }
}
