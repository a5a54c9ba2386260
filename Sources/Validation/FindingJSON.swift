public import Bytes
import CloudTrail

/// The lists that a validation's report for programs has.
public enum ReportList: UInt8, CaseIterable, Sendable {
  case chains, digestFiles, logFiles, skippedLinks, unreadableFolders

  public var name: String {
    switch self {
    case .chains: "chains"
    case .digestFiles: "digestFiles"
    case .logFiles: "logFiles"
    case .skippedLinks: "skippedLinks"
    case .unreadableFolders: "unreadableFolders"
    }
  }
}

extension ValidationFinding {
  /// What it adds to a report for programs, and in which list; nil for nothing.
  ///
  /// `isVerbose`: Whether to list what is in order too.
  public func json(isVerbose: Bool) -> (list: ReportList, item: [UInt8])? {
    switch self {
    case .digest(let digest):
      let isInOrder = digest.status == .valid || digest.status == .linked
      return isInOrder && !isVerbose ? nil : (.digestFiles, digest.json)
    case .log(let log):
      let isInOrder = log.status == .verified || log.status == .hashOK
      return isInOrder && !isVerbose ? nil : (.logFiles, log.json)
    case .chain(let chain): return (.chains, chain.json)
    case .skippedLink(let link):
      var quoted = ByteBuffer(capacity: link.bytes.count + 2)
      JSONText.appendQuoted(link.bytes.span, to: &quoted)
      return (.skippedLinks, quoted.bytes.copied())
    case .unreadableFolder(let folder): return (.unreadableFolders, folder.json)
    case .unnamedMissing, .verified: return nil
    }
  }
}

extension ValidationTally {
  /// Adds the counts to a report for programs: `"valid","keys","digests":{STATUS:N},"logs":{STATUS:N},
  /// "noDigest":{COVERAGE:N}`.
  public func add(to json: inout JSONObjectWriter, hasKeys: Bool) {
    json.add("valid", hasDigests && !isInvalid)
    json.add("keys", hasKeys)
    json.add("digests", counts: digests)
    json.add("logs", counts: logs)
    json.add("noDigest", counts: withoutDigest)
  }
}

extension DigestFinding {
  fileprivate var json: [UInt8] {
    var json = JSONObjectWriter()
    json.add("bucket", bytes: object.bucket)
    json.add("key", bytes: object.key)
    if let path { json.add("path", bytes: path.bytes) }
    json.add("status", status.name)
    if let reason = status.reason { json.add("reason", reason) }
    return json.finish()
  }
}

extension LogFinding {
  fileprivate var json: [UInt8] {
    var json = JSONObjectWriter()
    if let object {
      json.add("bucket", bytes: object.bucket)
      json.add("key", bytes: object.key)
    }
    if let path { json.add("path", bytes: path.bytes) }
    json.add("status", status.name)
    if let reason = status.reason { json.add("reason", reason) }
    if let coverage = status.coverage { json.add("coverage", coverage.rawValue) }
    if let digest { json.add("digest", bytes: digest.key) }
    return json.finish()
  }
}

extension UnreadableFolder {
  fileprivate var json: [UInt8] {
    var json = JSONObjectWriter()
    json.add("path", bytes: path.bytes)
    json.add("reason", reason)
    return json.finish()
  }
}

extension ChainReport {
  fileprivate var json: [UInt8] {
    var json = JSONObjectWriter()
    json.add("account", id.account)
    if let organization = id.organization { json.add("organization", organization) }
    json.add("region", id.region)
    json.add("trail", id.trail)
    json.add("homeRegion", id.homeRegion)
    json.add("backfill", id.isBackfill)
    json.add("digests", digestCount)
    json.add("withoutLogs", emptyDigestCount)
    json.add("missing", missingCount)
    json.add("missingUnnamed", unnamedMissingCount)
    if let start { json.add("start", start.text) }
    if let end { json.add("end", end.text) }
    switch beginning {
    case .start: json.add("beginning", "start")
    case .outside(let object):
      json.add("beginning", "outside")
      json.add("before", bytes: object.key)
    case .unknown: json.add("beginning", "unknown")
    }
    json.add("gaps", array: gaps.map(\.json))
    json.add("overlaps", overlapCount)
    json.add("forks", forkCount)
    json.add("bucketChanges", bucketChangeCount)
    return json.finish()
  }
}

extension ChainReport.Gap {
  fileprivate var json: [UInt8] {
    var json = JSONObjectWriter()
    json.add("start", start.text)
    json.add("end", end.text)
    json.add("cause", cause.rawValue)
    return json.finish()
  }
}
