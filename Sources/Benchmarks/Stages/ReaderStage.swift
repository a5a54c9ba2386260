import Bytes
import Reading
import Segments

/// All of reading as the job does it: open, read, hash, inflate, split, key, cell.
final class ReaderStage: Stage {
  let name = "files to batches, all of it"
  private let input: StageInput
  private let supply = SameBatch()

  init(_ input: StageInput) {
    self.input = input
  }

  func run() throws {
    var reader = try FileReader(
      options: ReadingOptions(), cells: CellTable(), batch: supply.batch, supply: supply)
    for (number, file) in input.files.enumerated() {
      _ = try reader.read(file, number: UInt32(number), in: input.list)
    }
    supply.batch.removeAll()
  }
}

/// Empties a full batch and gives it back.
private final class SameBatch: BatchSupply {
  let batch = RecordBatch(capacity: 8 << 20)

  func exchange(_ batch: RecordBatch) -> RecordBatch {
    batch.removeAll()
    return batch
  }

  func exchangePart(_ batch: RecordBatch) -> RecordBatch { exchange(batch) }
  func keepParts() {}
  func dropParts() {}
}
