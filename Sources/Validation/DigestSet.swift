import Bytes
import CloudTrail

/// All digest files of the inputs, linked to one another.
struct DigestSet: Sendable {
  private(set) var nodes: [DigestNode]
  private(set) var verdicts: [DigestCheck] = []
  /// Nodes by chain, each by time.
  private(set) var chains: [(id: ChainID, nodes: [Int])] = []

  init(_ nodes: [DigestNode], in files: LocalFiles) {
    self.nodes = nodes
    link(files)
    let byChain = Dictionary(grouping: nodes.indices, by: { nodes[$0].chain })
    chains = byChain.sorted { $0.key < $1.key }.map { id, members in
      (id, members.sorted { DigestSet.precedes(nodes[$0], nodes[$1]) })
    }
  }

  private static func precedes(_ left: DigestNode, _ right: DigestNode) -> Bool {
    let oldest = EventTime(seconds: .min)
    let leftTime = left.digest?.end ?? oldest
    let rightTime = right.digest?.end ?? oldest
    if leftTime != rightTime { return leftTime < rightTime }
    return left.object != right.object ? left.object < right.object : left.path < right.path
  }

  private mutating func link(_ files: LocalFiles) {
    var byObject: [ObjectKey: [Int]] = [:]
    var byPath: [Path: Int] = [:]
    for (index, node) in nodes.enumerated() {
      byPath[node.path] = index
      if node.digest != nil { byObject[node.object, default: []].append(index) }
    }
    for index in nodes.indices {
      guard let link = nodes[index].digest?.previous else { continue }
      // A digest that cannot be read is known by its place alone.
      let found =
        byObject[link.object]
        ?? files.copies(of: link.object).compactMap { byPath[files.path(of: $0)] }
      nodes[index].predecessors = found.filter { $0 != index }
      for predecessor in nodes[index].predecessors {
        nodes[predecessor].claims.append(.init(successor: index, link: link))
      }
    }
  }

  /// Checks every digest; those that contradict a digest found good are altered themselves.
  mutating func check(
    keys: PublicKeys?, signatures: Signatures, mapping: some ParallelMapping
  ) throws {
    let last = Set(chains.compactMap(\.nodes.last).map { nodes[$0].object })
    verdicts = try mapping.map(nodes) { node in
      node.verdict(keys: keys, signatures: signatures, isLast: last.contains(node.object))
    }
    for forger in Set(verdicts.flatMap(\.contradicting)) where !verdicts[forger].isSigned {
      if !verdicts[forger].status.isInvalid {
        verdicts[forger].status = .altered("it does not match the digest before it")
      }
    }
  }

  var findings: [DigestFinding] {
    chains.flatMap(\.nodes).map { index in
      let node = nodes[index]
      return DigestFinding(
        object: node.object, path: node.path, chain: node.chain, status: verdicts[index].status,
        start: node.digest?.start, end: node.digest?.end)
    }
  }
}
