import Bytes
import CloudTrail
import Dataset

extension StatusData {
  /// Adds what validations found: the counts, and what is altered or absent by name.
  static func add(_ evidence: DigestEvidence, to object: inout JSONObjectWriter) {
    var total = JSONObjectWriter()
    for (name, count) in evidence.total.byName { total.add(name, count) }
    total.add("publicKeys", evidence.hasKeys)
    object.add("digests", raw: total.finish().span)
    object.add("invalidLogs", array: evidence.logs.map { $0.json() })
    object.add("invalidDigests", array: evidence.digests.map { $0.json() })
    object.add(
      "damagedEvidence",
      array: evidence.damages.map { damage in
        var item = JSONObjectWriter()
        if let damage = damage.damage {
          item.add("path", bytes: damage.path.bytes)
          item.add("problem", damage.what)
        }
        return item.finish()
      })
  }

  static func json(_ counts: DigestCounts) -> [UInt8] {
    var object = JSONObjectWriter()
    for (name, count) in counts.byName { object.add(name, count) }
    return object.finish()
  }
}
