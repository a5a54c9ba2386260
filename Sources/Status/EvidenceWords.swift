import Bytes
import CloudTrail

extension DigestVerdict {
  /// What is wrong with such a digest, in words that follow `digest`.
  var words: String {
    switch self {
    case .valid: "valid"
    case .linked: "linked, its signature unchecked"
    case .unsigned, .newest: "not signed yet"
    case .unvouched: "that nothing vouches for"
    case .altered: "altered"
    case .missing: "missing"
    case .moved: "in another place"
    case .keyNotFound: "without a public key"
    case .invalidFormat: "unreadable"
    }
  }
}

extension LogVerdict {
  /// What is wrong with such a log file.
  var words: String { self == .missing ? "absent" : "altered or unreadable" }
}

extension DigestCounts {
  /// What is wrong, in words: `2 listed files absent, 1 file altered or unreadable`.
  var complaint: String {
    let words = [
      (missing, counted(missing, "listed file") + " absent"),
      (mismatch, counted(mismatch, "file") + " altered or unreadable"),
      (digestsMissing, missingDigests + " missing"),
      (digestsInvalid, counted(digestsInvalid, "digest") + " invalid"),
    ].filter { $0.0 > 0 }.map(\.1).joined(separator: ", ")
    if trails.isEmpty { return words }
    let names = trails.joined(separator: ", ") + (hasMoreTrails ? " and more" : "")
    return "\(words) (\(trails.count == 1 ? "trail" : "trails") \(names))"
  }

  /// `up to 24 digests`: of a stretch only the last is named, and their number is what fits in at most.
  var missingDigests: String { upTo + counted(digestsMissing, "digest") }

  /// `up to `, if the number of missing digests is the largest possible.
  var upTo: String { digestsUnnamed > 0 ? "up to " : "" }
}

extension DigestVerdict {
  /// What is known of digests that are not invalid, in words that claim no more than was checked.
  var checked: String {
    switch self {
    case .valid: "verified"
    case .linked: "with an unchecked signature (the next digest names the hash)"
    case .newest: "newest (nothing signs it yet)"
    default: "with an unchecked signature (no digest after it is here)"
    }
  }
}

extension DigestEvidence.InvalidDigest {
  /// The times that it covers, or that lack it: `2026-11-03 04:01 to 05:01 UTC`; empty if nobody knows.
  var hours: String {
    switch (start, end) {
    case (let start?, let end?):
      "\(minutes(start)) to \(start.day == end.day ? String(minutes(end).suffix(5)) : minutes(end)) UTC"
    case (nil, let end?): "up to \(minutes(end)) UTC"
    case (_, nil): ""
    }
  }

  /// Its account, region, trail and times: `012345678910 us-east-1 main, 2026-11-03 04:01 to 05:01 UTC`.
  var place: String {
    let place = [account?.shown, region?.shown, trail].compactMap { $0 }.joined(separator: " ")
    return [place, hours].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private func minutes(_ time: EventTime) -> String {
    String(time.text.prefix(16)).replacing("T", with: " ")
  }
}

extension DigestEvidence {
  /// The first digests that are absent: a stretch of them, of which the last one is named, as one.
  var absentStretches: [InvalidDigest] {
    var stretches: [InvalidDigest] = []
    for digest in absentDigests {
      // The gap comes after the digest that ends it, whose own start nobody knows.
      if let last = stretches.last, last.start == nil, last.end == digest.end, digest.start != nil,
        (last.account, last.region) == (digest.account, digest.region), last.chain == digest.chain
      {
        stretches[stretches.count - 1].start = digest.start
        stretches[stretches.count - 1].isNamed = false
        stretches[stretches.count - 1].count += digest.count
      } else {
        stretches.append(digest)
      }
    }
    return stretches
  }
}
