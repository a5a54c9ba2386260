/// The fields that a reader of records wants, as a tree of keys and indexes.
///
/// It is put together once; `FieldCapture` then finds all of them in one walk over each record.
public struct FieldTree: Sendable {
  /// A wanted field, as a number that `FieldCapture` understands.
  public struct Field: Sendable, Hashable {
    @usableFromInline let node: Int
  }

  struct Node: Sendable {
    /// The keys that lead on from here, in the order of their insertion.
    var keys: [(name: [UInt8], node: Int)] = []
    /// The array elements that lead on from here, by rising index.
    var elements: [(index: Int, node: Int)] = []
    /// Whether this field, or one below it, is shown to the reader.
    var isShown = false
  }

  /// The record itself comes first.
  private(set) var nodes = [Node()]

  public init() {}

  /// Adds a field, unless it is there already.
  ///
  /// - Parameters:
  ///   - path: The way to the field.
  ///   - isShown: Whether the field is shown as it is, so that it does not belong to the other
  ///     fields; false for what is only looked at to work something out.
  /// - Returns: What to ask a `FieldCapture` for.
  public mutating func insert(_ path: FieldPath, isShown: Bool) -> Field {
    var node = 0
    for step in path.steps {
      node = child(of: node, by: step)
      if isShown { nodes[node].isShown = true }
    }
    return Field(node: node)
  }

  private mutating func child(of node: Int, by step: FieldPath.Step) -> Int {
    let new = nodes.count
    switch step {
    case .key(let name):
      if let known = nodes[node].keys.first(where: { $0.name == name }) { return known.node }
      nodes[node].keys.append((name, new))
    case .index(let index):
      let elements = nodes[node].elements
      let place = elements.firstIndex { $0.index >= index } ?? elements.count
      if place < elements.count, elements[place].index == index { return elements[place].node }
      nodes[node].elements.insert((index, new), at: place)
    }
    nodes.append(Node())
    return new
  }
}
