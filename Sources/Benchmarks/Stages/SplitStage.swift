import Bytes
import CloudTrail

/// Validating the JSON, finding where each record ends, and reading its key.
final class SplitStage: Stage {
  let name = "split and key"
  private let input: StageInput
  private var fields = RecordFields()
  private(set) var keyCount = 0

  init(_ input: StageInput) {
    self.input = input
  }

  func run() throws {
    keyCount = 0
    try input.inflated.withBytes { bytes in
      for range in input.inflatedRanges { try split(bytes.extracting(range)) }
    }
  }

  private func split(_ document: Span<UInt8>) throws {
    var scanner = JSONScanner(document)
    guard case .records = try fields.capture(&scanner, shape: .log) else { return }
    scanner.position += 1
    while try scanner.peek() == ASCII.openBrace {
      let start = scanner.position
      _ = try fields.capture(&scanner, shape: nil)
      if RecordKey(document, start..<scanner.position, fields) != nil { keyCount += 1 }
      if try scanner.peek() == ASCII.comma { scanner.position += 1 }
    }
  }
}
