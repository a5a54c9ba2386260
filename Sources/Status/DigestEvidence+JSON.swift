import Bytes
import CloudTrail
import Dataset
import Validation

extension DigestEvidence.InvalidLog {
  func json() -> [UInt8] {
    var line = JSONObjectWriter()
    line.add("name", name)
    line.add("status", verdict.rawValue)
    if let reason { line.add("reason", reason) }
    if let account { line.add("account", bytes: account.decoded) }
    if let region { line.add("region", bytes: region.decoded) }
    if let day { line.add("delivered", day.description) }
    line.add("digest", digest)
    return line.finish()
  }
}

extension DigestEvidence.InvalidDigest {
  func json() -> [UInt8] {
    var line = JSONObjectWriter()
    line.add("name", name)
    line.add("status", verdict.rawValue)
    if let reason { line.add("reason", reason) }
    if let account { line.add("account", bytes: account.decoded) }
    if let region { line.add("region", bytes: region.decoded) }
    if let chain {
      line.add("trail", chain.trail)
      if let organization = chain.organization { line.add("organization", organization) }
      line.add("backfill", chain.isBackfill)
    }
    line.add("start", start)
    line.add("end", end)
    line.add("count", count)
    line.add("named", isNamed)
    return line.finish()
  }
}

extension JSONObjectWriter {
  /// Adds a time, or null if nobody knows it.
  fileprivate mutating func add(_ name: String, _ time: EventTime?) {
    if let time { add(name, time.text) } else { add(name, raw: "null") }
  }
}
