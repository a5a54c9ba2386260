import Bytes
import Dataset
import Reading

extension StrictReadersRefuse {
  /// Adds what one file holds.
  mutating func add(_ flaws: TextFlaws, of source: Path) {
    add(
      flaws.counts,
      examples: flaws.examples.map {
        Example(eventID: $0.eventID, source: source, index: $0.index)
      })
  }
}
