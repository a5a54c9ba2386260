import Bytes

/// Inflating the files: piece by piece into one small buffer, as large ones are, or each at once.
final class InflateStage: Stage {
  enum Way: String {
    case pieces = "inflate (in pieces, zlib)"
    case whole = "inflate (whole, libdeflate)"
  }

  let name: String
  private let input: StageInput
  private let way: Way
  private var inflater: GzipInflater
  private var output = ByteBuffer(capacity: 256 << 10)

  init(_ input: StageInput, _ way: Way) throws {
    self.input = input
    self.way = way
    name = way.rawValue
    inflater = try GzipInflater(stopsAfterMember: true)
  }

  func run() throws {
    try input.stored.withBytes { bytes in
      for (stored, inflated) in zip(input.storedRanges, input.inflatedRanges) {
        let file = bytes.extracting(stored)
        switch way {
        case .pieces: try inflater.inflatePieces(of: file, into: &output)
        case .whole: try inflateWhole(file, byteCount: inflated.count)
        }
      }
    }
  }

  private func inflateWhole(_ file: Span<UInt8>, byteCount: Int) throws {
    output.removeAll()
    var position = 0
    guard inflater.inflateWhole(file, at: &position, into: &output, room: byteCount) else {
      throw GzipError.truncated
    }
  }
}
