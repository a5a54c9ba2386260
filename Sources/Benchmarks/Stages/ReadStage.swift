import Bytes
import Listing
import Reading

/// Opening the files and reading their stored bytes.
final class ReadStage: Stage {
  let name = "read"
  private let input: StageInput
  private var buffer = ByteBuffer(capacity: 1 << 20)

  init(_ input: StageInput) {
    self.input = input
  }

  func run() throws {
    for (file, group) in input.files {
      buffer.removeAll()
      let open = try OpenFile(group.path(of: file))
      while try open.read(1 << 20, into: &buffer) > 0 { buffer.removeAll() }
    }
  }
}
