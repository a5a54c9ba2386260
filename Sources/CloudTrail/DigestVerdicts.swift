/// What the digests say of one log file, by the names that reports and evidence use.
public enum LogVerdict: String, Sendable, CaseIterable {
  /// It has the hash in a digest whose signature was verified.
  case verified
  /// It has the hash in a digest that nothing vouches for.
  case hashOK = "hash ok, signature unchecked"
  /// It is not what a digest says, or cannot be read.
  case mismatch
  /// A digest lists it, and it is not in its place.
  case missing = "listed but missing"
  /// It is there, and no digest lists it.
  case noDigest = "no digest"
  /// A digest lists it, and it was read when nobody kept its hash.
  case notChecked = "not checked"

  /// Whether this proves that something is wrong.
  public var isInvalid: Bool { self == .mismatch || self == .missing }
}

/// What became of one digest file, by the names that reports and evidence use.
public enum DigestVerdict: String, Sendable, CaseIterable {
  /// Its signature was verified.
  case valid
  /// The next digest names its hash; no signature was checked.
  case linked
  /// Nothing that is here says anything of it.
  case unsigned
  /// The same of the newest of a chain: CloudTrail's next digest will sign it.
  case newest
  /// There are keys, and no signature of it, though it is not the newest of its chain.
  case unvouched
  /// Not what CloudTrail wrote.
  case altered
  /// Named by another digest or expected by its chain, and not there.
  case missing
  /// Not where its document says.
  case moved
  case keyNotFound
  case invalidFormat

  /// Whether this proves that something is wrong.
  public var isInvalid: Bool {
    switch self {
    case .valid, .linked, .unsigned, .newest: false
    case .unvouched, .altered, .missing, .moved, .keyNotFound, .invalidFormat: true
    }
  }
}

/// Whether there are digests for the time in which a file was delivered that none of them lists.
public enum DigestCoverage: String, Sendable, CaseIterable {
  /// A digest of its account and region covers that time: it should list the file. Backfill lists
  /// some late ones; what stays was put there by a trail without validation, or by someone.
  case covered
  /// The file came about when the newest digest ended, or in the two hours after: the next one may
  /// list it.
  case pending
  /// No digest covers that time: validation was off, or the digests are not there.
  case uncovered
}
