import Segments

/// Sorting the entries of each batch and dropping copies within it.
final class SortStage: Stage {
  let name = "sort"
  private let batches: FilledBatches

  init(_ batches: FilledBatches) {
    self.batches = batches
  }

  func prepare() {
    batches.unsort()
  }

  func run() {
    for batch in batches.batches { _ = batch.sortAndDropCopies() }
  }
}
