/// Something sorted that is being gone through, as far as it has come.
protocol MergeSource {
  /// Whether what is next in it comes before what is next in another.
  func precedes(_ other: Self) -> Bool
}

/// What is merged, the source of what comes next on top.
struct MergeHeap<Source: MergeSource> {
  private var sources: [Source] = []

  var first: Source? { sources.first }

  /// Whether there is a first source and a condition holds for it, which is looked at where it is.
  @inline(__always)
  func isFirst(_ condition: (borrowing Source) -> Bool) -> Bool {
    !sources.isEmpty && condition(sources[0])
  }

  var isEmpty: Bool { sources.isEmpty }

  mutating func removeAll() { sources.removeAll(keepingCapacity: true) }

  mutating func insert(_ source: Source) {
    sources.append(source)
    var child = sources.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard sources[child].precedes(sources[parent]) else { return }
      sources.swapAt(child, parent)
      child = parent
    }
  }

  @discardableResult
  mutating func removeFirst() -> Source? {
    guard let first = sources.first, let last = sources.popLast() else { return nil }
    if !sources.isEmpty {
      sources[0] = last
      sink()
    }
    return first
  }

  /// Puts what the first has become where it belongs; nil takes the first out.
  mutating func replaceFirst(_ source: Source?) {
    guard let source else {
      removeFirst()
      return
    }
    sources[0] = source
    sink()
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = 2 * parent + 1
      guard least < sources.count else { return }
      if least + 1 < sources.count, sources[least + 1].precedes(sources[least]) { least += 1 }
      guard sources[least].precedes(sources[parent]) else { return }
      sources.swapAt(parent, least)
      parent = least
    }
  }
}
