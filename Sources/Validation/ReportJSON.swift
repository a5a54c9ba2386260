import Bytes
import CloudTrail

extension ValidationReport {
  /// The report for programs: one JSON object.
  ///
  /// `{"valid","keys","digests":{STATUS:N},"logs":{STATUS:N},"noDigest":{COVERAGE:N},"chains":[…],
  /// "digestFiles":[…],"logFiles":[…],"skippedLinks":[PATH],"unreadableFolders":[…]}`. The lists of
  /// files hold what is not in order; with `isVerbose`, everything.
  public func json(isVerbose: Bool) -> [UInt8] {
    var json = JSONObjectWriter()
    json.add("valid", hasDigests && !isInvalid)
    json.add("keys", hasKeys)
    json.add("digests", counts: counts(digests.map(\.status.name)))
    json.add("logs", counts: counts(logs.map(\.status.name)))
    json.add("noDigest", counts: counts(logs.compactMap { $0.status.coverage?.rawValue }))
    json.add("chains", array: chains.map(\.json))
    let digestFiles = digests.filter { isVerbose || $0.status != .valid && $0.status != .linked }
    json.add("digestFiles", array: digestFiles.map(\.json))
    let logFiles = logs.filter { isVerbose || $0.status != .verified && $0.status != .hashOK }
    json.add("logFiles", array: logFiles.map(\.json))
    json.add("skippedLinks", texts: skippedLinks.map(\.bytes))
    json.add("unreadableFolders", array: unreadableFolders.map(\.json))
    return json.finish()
  }

  private func counts(_ names: [String]) -> [String: Int] {
    Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
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
    json.add("missing", missing.count)
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
