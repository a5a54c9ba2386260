import Bytes

/// Hashing the stored bytes, for the ledger.
final class HashStage: Stage {
  let name = "hash as stored"
  private let input: StageInput

  init(_ input: StageInput) {
    self.input = input
  }

  func run() {
    input.stored.withBytes { bytes in
      for range in input.storedRanges { _ = SHA256Digest(of: bytes.extracting(range)) }
    }
  }
}
