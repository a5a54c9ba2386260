import Segments

/// Merging each cell's segments and dropping copies between them.
final class MergeStage: Stage {
  let name = "merge"
  private let batches: FilledBatches
  private var cells: [(cell: UInt32, segments: [any Segment])] = []

  init(_ batches: FilledBatches) {
    self.batches = batches
  }

  func prepare() {
    batches.unsort()
    cells = batches.sorted()
  }

  func run() throws {
    for cell in cells { _ = try merge(cell.segments, batches.sources) { _, _ in } }
  }
}
