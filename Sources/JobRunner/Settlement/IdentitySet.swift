import Bytes
import CloudTrail

/// Identities that can be looked up, 16 bytes each.
struct IdentitySet: Sendable {
  private var identities: [RecordIdentity] = []

  var count: Int { identities.count }

  var last: RecordIdentity? { identities.last }

  /// Adds an identity that comes after all others, or the last one again.
  mutating func append(_ identity: RecordIdentity) {
    if identity != identities.last { identities.append(identity) }
  }

  /// - Complexity: O(log `count`).
  func has(_ identity: RecordIdentity) -> Bool {
    let place = identities.partitioningIndex { $0 >= identity }
    return place < identities.count && identities[place] == identity
  }

  /// How many fit into some bytes, growth included.
  static func count(in memory: Int) -> Int {
    max(1024, memory / 2 / MemoryLayout<RecordIdentity>.stride)
  }
}
