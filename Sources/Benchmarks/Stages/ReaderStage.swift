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
    for (number, file) in input.files.enumerated() {
      while case .full = try reader.read(
        file, number: UInt32(number), in: input.list, into: batch)
      {
        batch.removeAll()
      }
    }
    batch.removeAll()
  }
}
