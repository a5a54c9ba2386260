import Bytes
import CloudTrail
import JobRunner
import Listing
import Reading
import Segments

/// Finding all files of the corpus and giving them numbers.
final class DiscoverStage: Stage {
  let name = "discover (all files)"
  let coversWholeCorpus = true
  private let input: StageInput

  init(_ input: StageInput) {
    self.input = input
  }

  func run() throws {
    let sources = SourceTable()
    let found = try discover(
      in: FolderSource([input.root]), families: [.events], sources: sources,
      mapping: Workers(count: 0)
    ) { _ in }
    precondition(found.fileCount == input.groups.reduce(0) { $0 + $1.files.count })
  }
}
