import Bytes
import CloudTrail
import Dataset
import Validation

extension DigestEvidence.InvalidLog {
  func json() -> [UInt8] {
    var line = JSONObjectWriter()
    line.add(name, verdict.rawValue, reason, account, region)
    if let day { line.add("delivered", day.description) }
    line.add("digest", digest)
    return line.finish()
  }
}

extension DigestEvidence.InvalidDigest {
  func json() -> [UInt8] {
    var line = JSONObjectWriter()
    line.add(name, verdict.rawValue, reason, account, region)
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
  /// Adds what is said of each file: its name, its status, and whose it is as far as that is known.
  fileprivate mutating func add(
    _ name: String, _ status: String, _ reason: String?, _ account: PartitionValue?,
    _ region: PartitionValue?
  ) {
    add("name", name)
    add("status", status)
    if let reason { add("reason", reason) }
    if let account { add("account", bytes: account.decoded) }
    if let region { add("region", bytes: region.decoded) }
  }

  /// Adds a time, or null if nobody knows it.
  fileprivate mutating func add(_ name: String, _ time: EventTime?) {
    if let time { add(name, time.text) } else { add(name, raw: "null") }
  }
}
