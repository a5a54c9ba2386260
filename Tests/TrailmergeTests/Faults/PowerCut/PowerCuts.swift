import TestSupport

/// The power cuts that a test tries.
struct PowerCuts {
  let model: DiskModel

  init(_ model: DiskModel) {
    self.model = model
  }

  /// At each moment, of what no sync covers: everything, nothing, all but one change, one change alone.
  ///
  /// A write is also tried with its length and without its bytes.
  func systematic(_ times: some Sequence<Int>) -> [PowerCut] {
    times.flatMap { time in
      let unsynced = model.unsynced(at: time)
      let missing = Dictionary(uniqueKeysWithValues: unsynced.map { ($0, PowerCut.Fate.missing) })
      var cuts = [PowerCut(time: time), PowerCut(time: time, fates: missing)]
      for change in unsynced {
        cuts.append(PowerCut(time: time, fates: [change: .missing]))
        if isWrite(change) { cuts.append(PowerCut(time: time, fates: [change: .zeros])) }
        var alone = missing
        alone[change] = nil
        cuts.append(PowerCut(time: time, fates: alone))
      }
      return cuts
    }
  }

  /// A moment by chance, and of each change that no sync covers a fate by chance.
  func random(_ times: ClosedRange<Int>, seed: UInt64) -> PowerCut {
    var random = SeededGenerator(seed: seed)
    var cut = PowerCut(time: random.within(times))
    // Some disks have nearly all, others nearly nothing.
    let share = random.within(1...9)
    for change in model.unsynced(at: cut.time) where random.within(0...9) < share {
      cut.fates[change] = .missing
      guard case .write(_, _, let bytes) = model.changes[change].effect else { continue }
      cut.fates[change] = random.pick([.missing, .zeros, .cut(random.within(0...bytes.count))])
    }
    return cut
  }

  private func isWrite(_ change: Int) -> Bool {
    if case .write = model.changes[change].effect { true } else { false }
  }

  /// A cut in words.
  func text(_ cut: PowerCut) -> String {
    let lost = cut.fates.sorted { $0.key < $1.key }.map { number, fate in
      "\(fate): \(model.changes[number].text)"
    }
    let last = model.changes.last { $0.time < cut.time }?.text ?? "nothing"
    return "a power cut at \(cut.time), after \(last)\n  " + lost.joined(separator: "\n  ")
  }
}
