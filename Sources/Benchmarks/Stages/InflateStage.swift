import Bytes

/// Inflating the files into one small buffer.
final class InflateStage: Stage {
  let name = "inflate"
  private let input: StageInput
  private var inflater: GzipInflater
  private var output = ByteBuffer(capacity: 256 << 10)

  init(_ input: StageInput) throws {
    self.input = input
    inflater = try GzipInflater()
  }

  func run() throws {
    try input.stored.withBytes { bytes in
      for range in input.storedRanges {
        inflater.reset()
        let file = bytes.extracting(range)
        var position = 0
        var pause = GzipInflater.Pause.roomFull
        while pause != .memberEnded {
          output.removeAll()
          pause = try inflater.inflate(
            file, at: &position, into: &output, room: output.capacity, isWhole: true)
          if pause == .inputEnded { throw GzipError.truncated }
        }
      }
    }
  }
}
