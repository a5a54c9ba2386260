import CloudTrail
import Reading
import TestSupport
import Testing

/// What becomes of a file depends on its bytes, not on the batch that it is read into or on what was
/// read before it.
struct SameOutcomeTests {
  /// All that is known of the files: each one's outcome and records.
  private func readings(
    _ files: [TreeFile], batchSize: Int, _ options: ReadingOptions
  ) throws -> [String] {
    let tree = try ReadTree(files, batchSize: batchSize, options: options)
    let outcomes = tree.outcomes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    return outcomes + tree.records.sorted() + tree.rejected.sorted()
  }

  @Test(arguments: seeds(12))
  func `damaged files give the same, whatever the batches`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed &* 7919)
    let files = try DamagedTree.files(seed: seed, count: 6)
    var options = ReadingOptions()
    options.salvage = random.oneIn(2)
    options.hashesContent = true
    options.maxInflated = random.pick([900, 5_000, 70_000, 400_000, 1 << 30])
    options.maxRecord = random.pick([256, 8_256, 1 << 20])
    let expected = try readings(files, batchSize: 16 << 20, options)
    for batchSize in [70, 1_000, 60_000, 300_000, 1 << 20] {
      let found = try readings(files, batchSize: batchSize, options)
      let difference = zip(expected, found).first { $0 != $1 }.map { "\($0), but \($1)" }
      #expect(difference == nil, "in batches of \(batchSize), \(options)")
      #expect(found.count == expected.count)
    }
    // Each file alone.
    for file in files {
      let alone = try ReadTree([file], batchSize: 5_000, options: options)
      for (path, outcome) in alone.outcomes {
        let line = "\(path): \(outcome)"
        let difference = expected.contains(line) ? nil : line
        #expect(difference == nil, "alone, \(options)")
      }
    }
  }
}
