import Bytes

/// From a key in a record to the node it leads to: one small hash table per node, all in one array.
struct KeyTable: Sendable {
  private struct Slot {
    var fingerprint: Fingerprint
    /// -1 for a free slot.
    var node: Int
    /// Where the name is in `names`.
    var name: Range<Int>
  }

  /// Where a node's slots begin, and their number less one; the number is a power of two.
  private struct Section {
    var start: Int
    var mask: Int
  }

  private var sections: [Section] = []
  private var slots: [Slot] = []
  private var names: [UInt8] = []

  init(_ tree: FieldTree) {
    for node in tree.nodes {
      // At least half of the slots stay free, so that a search soon ends.
      var slotCount = 1
      while slotCount < node.keys.count * 2 { slotCount *= 2 }
      let section = Section(start: slots.count, mask: slotCount - 1)
      sections.append(section)
      let free = Slot(fingerprint: Fingerprint(names.span, in: 0..<0), node: -1, name: 0..<0)
      slots += Array(repeating: free, count: slotCount)
      for key in node.keys { insert(key.name, leadingTo: key.node, in: section) }
    }
  }

  private mutating func insert(_ name: [UInt8], leadingTo node: Int, in section: Section) {
    let fingerprint = Fingerprint(name.span, in: 0..<name.count)
    var offset = fingerprint.hash & section.mask
    while slots[section.start + offset].node >= 0 { offset = (offset + 1) & section.mask }
    slots[section.start + offset] = Slot(
      fingerprint: fingerprint, node: node, name: names.count..<(names.count + name.count))
    names += name
  }

  /// The node that the key at `range` leads to from `node`; -1 if nobody asked for it.
  @inline(__always)
  func child(of node: Int, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    let section = sections[node]
    let fingerprint = Fingerprint(bytes, in: range)
    var offset = fingerprint.hash & section.mask
    while true {
      let slot = slots[section.start &+ offset]
      if slot.node < 0 { return -1 }
      if slot.fingerprint == fingerprint,
        fingerprint.isWhole
          || names.span.extracting(slot.name).isEqual(to: bytes.extracting(range))
      {
        return slot.node
      }
      offset = (offset &+ 1) & section.mask
    }
  }
}
