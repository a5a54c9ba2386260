import Bytes
import Reading
import Segments

/// All of reading as the job does it: open, read, hash, inflate, split, key, cell.
final class ReaderStage: Stage {
  let name = "files to batches, all of it"
  private let input: StageInput
  private let batch = RecordBatch(capacity: 8 << 20)

  init(_ input: StageInput) {
    self.input = input
  }

  func run() throws {
    var reader = try FileReader(options: ReadingOptions(), cells: CellTable())
    for (file, group) in input.files {
      while case .full = try reader.read(file, of: group, into: batch) { batch.removeAll() }
    }
    batch.removeAll()
  }
}
