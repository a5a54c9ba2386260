import Bytes
import TestSupport
import Testing

/// Files come in piece by piece: what has come must never be judged by what has not.
struct JSONScannerPieceTests {
  @Test func `a value cut anywhere is unfinished, not wrong`() {
    #expect(
      faults("seed", in: UInt64(0)..<150) { seed in
        var made = MadeJSON(seed: seed)
        let tokens = made.value(depth: 4)
        let text = made.spaced(tokens)
        if case .failure(let error) = scan(text) { return "the whole of it: \(error)" }
        for count in 0..<text.count {
          switch scan(Array(text[..<count])) {
          case .failure(.unexpectedEnd(let offset)):
            if offset > count { return "cut at \(count): the end is at \(offset)" }
          case .failure(let error): return "cut at \(count): \(error)"
          case .success:
            // Only of a number can a beginning be whole.
            if tokens.count > 1 || !isDigit(text[count - 1]) { return "cut at \(count): whole" }
          }
        }
        return nil
      } == [])
  }

  @Test func `an error is the same however many bytes follow, and none before it is reached`() {
    #expect(
      faults("seed", in: UInt64(0)..<150) { seed in
        var made = MadeJSON(seed: seed)
        var text = made.spaced(made.value(depth: 4))
        let place = made.random.within(0...(text.count - 1))
        text[place] = made.random.pick(Array("{}[]:,\"\\x\u{1}0 ".utf8))
        guard case .failure(let error) = scan(text), case .unexpected(let offset, _) = error else {
          return nil
        }
        // An escape is wrong at its backslash, and is seen to be some bytes later.
        for count in 0..<text.count {
          switch scan(Array(text[..<count])) {
          case .failure(.unexpectedEnd):
            if count > offset + 5 { return "cut at \(count): still unfinished, wrong at \(offset)" }
          case .failure(let early):
            if early != error || count <= offset {
              return "cut at \(count): \(early), not \(error)"
            }
          case .success(let end):
            if end < count || !isDigit(text[count - 1]) {
              return "cut at \(count): whole, wrong at \(offset)"
            }
          }
        }
        return nil
      } == [])
  }

  /// What is around a value has no influence on it.
  @Test func `a value is passed alike wherever it begins`() {
    #expect(
      faults("seed", in: UInt64(0)..<100) { seed in
        var made = MadeJSON(seed: seed)
        let text = made.spaced(made.value(depth: 3))
        for start in 0...9 {
          let padded = [UInt8](repeating: 0x22, count: start) + text + [0x2C]
          var scanner = JSONScanner(padded.span, at: start)
          try scanner.skipValue()
          if scanner.position != start + text.count {
            return "at \(start) it ends at \(scanner.position - start) of \(text.count)"
          }
        }
        return nil
      } == [])
  }

  private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
