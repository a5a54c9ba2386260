import Bytes
import Segments
import Writing

/// Encoding every record into a small buffer.
final class EncodeStage: Stage {
  let name: String
  private let batches: FilledBatches
  private var encoder: any RecordEncoder
  private var output = ByteBuffer(capacity: 512 << 10)

  init(
    _ name: String, _ batches: FilledBatches, _ makeEncoder: () -> any RecordEncoder
  ) {
    self.name = name
    self.batches = batches
    encoder = makeEncoder()
  }

  func run() {
    for batch in batches.batches {
      batch.withBytes { bytes in
        for entry in batch.entries {
          encoder.append(bytes.extracting(entry.range), from: nil, to: &output)
          if output.count >= 256 << 10 { output.removeAll() }
        }
      }
    }
  }
}
