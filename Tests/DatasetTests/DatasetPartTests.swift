import Bytes
import Dataset
import Testing

@Suite("What a dataset is a part of")
struct DatasetPartTests {
  private func piece(_ number: Int, into most: Int) -> DatasetPart {
    let whole = SHA256Digest(words: (1, 2, 3, 4))
    var part = DatasetPart(.split, of: whole, numbers: [number], count: 2)
    part.mostPieces = most
    return part
  }

  @Test("is whole with all pieces of one cut, not with pieces of two, which were cut at other days")
  func twoCuts() {
    #expect(DatasetPart.joined([piece(1, into: 3), piece(2, into: 3)], roots: []).isEmpty)
    let mixed = DatasetPart.joined([piece(1, into: 3), piece(2, into: 4)], roots: [])
    #expect(mixed.count == 2 && mixed.allSatisfy { !$0.isWhole })
  }
}
