import Bytes

/// Counts byte strings without making a string of each.
///
/// Names beyond a limit are counted together, so that logs full of made-up names cannot fill the
/// memory.
struct NameCounter: ~Copyable {
  private struct Slot {
    /// Where the name is in `text`; empty for a free slot.
    var name = 0..<0
    var hash = 0
    var count = 0
  }

  private var slots = Array(repeating: Slot(), count: 1024)
  private var nameCount = 0
  private var text = ByteBuffer(capacity: 16 << 10)
  private var otherCount = 0

  private static let nameLimit = 50_000
  /// Longer names are counted by their beginning.
  private static let longestName = 200

  mutating func count(_ name: Span<UInt8>) {
    let name = name.extracting(0..<min(name.count, NameCounter.longestName))
    guard !name.isEmpty else { return }
    let hash = Fingerprint(name, in: 0..<name.count).hash
    var place = hash & (slots.count - 1)
    while slots[place].count > 0 {
      if slots[place].hash == hash, text.bytes.extracting(slots[place].name).isEqual(to: name) {
        slots[place].count += 1
        return
      }
      place = (place + 1) & (slots.count - 1)
    }
    guard nameCount < NameCounter.nameLimit else {
      otherCount += 1
      return
    }
    slots[place] = Slot(name: text.count..<(text.count + name.count), hash: hash, count: 1)
    text.append(name)
    nameCount += 1
    if nameCount * 2 > slots.count { grow() }
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(), count: old.count * 2)
    for slot in old where slot.count > 0 {
      var place = slot.hash & (slots.count - 1)
      while slots[place].count > 0 { place = (place + 1) & (slots.count - 1) }
      slots[place] = slot
    }
  }

  mutating func removeAll() {
    slots = Array(repeating: Slot(), count: 1024)
    nameCount = 0
    otherCount = 0
    text.removeAll()
  }

  /// The names as text, invalid bytes replaced.
  var counts: [String: Int] {
    var counts: [String: Int] = [:]
    for slot in slots where slot.count > 0 {
      counts[text.bytes.extracting(slot.name).text(), default: 0] += slot.count
    }
    if otherCount > 0 { counts["(others)"] = otherCount }
    return counts
  }
}
