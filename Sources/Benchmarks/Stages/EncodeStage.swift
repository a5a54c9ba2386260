import Bytes
import Segments
import Writing

/// Encoding every record, as one file in memory that is thrown away piece by piece.
final class EncodeStage: Stage {
  let name: String
  private let batches: FilledBatches
  private let scratch: Path
  private var encoder: any RecordEncoder
  private var output = ByteBuffer(capacity: 512 << 10)

  init(_ format: any OutputFormat, _ batches: FilledBatches, _ scratch: Path) throws {
    name = "encode \(format.name.uppercased())"
    self.batches = batches
    self.scratch = scratch
    encoder = try format.encoding(withProvenance: false).makeEncoder()
  }

  func prepare() throws {
    try FileSystem.createFolders(scratch)
  }

  func run() throws {
    try encoder.begin(to: &output, scratch: scratch.appending("encoder"))
    for batch in batches.batches {
      try batch.withBytes { bytes in
        for entry in batch.entries {
          try encoder.append(bytes.extracting(entry.range), from: nil, to: &output)
          if output.count >= 256 << 10 { output.removeAll() }
        }
      }
    }
    while try !encoder.finish(to: &output) { output.removeAll() }
    output.removeAll()
  }
}
