public import Bytes
public import CloudTrail

/// What became of one digest file.
public enum DigestStatus: Sendable, Equatable {
  /// Its signature was checked.
  case valid
  /// The next digest names its hash; no signature was checked.
  case linked
  /// No digest after it is there, and no signature of it is at hand.
  case unsigned
  /// As `unsigned`, and the newest of its chain: CloudTrail's next digest will sign it.
  case newest
  /// There are keys, and no signature of it, though it is not the newest of its chain.
  case unvouched
  /// Not what CloudTrail wrote.
  case altered(String)
  /// A digest after it names it, and it is not there.
  case missing
  /// It is not where its document says.
  case moved
  /// Keys were given, and none of them can check it.
  case keyNotFound(String)
  case invalidFormat(String)

  /// Whether this digest proves that something is wrong.
  public var isInvalid: Bool { verdict.isInvalid }

  /// The words of `aws cloudtrail validate-logs` where it has some.
  public var text: String {
    switch self {
    case .valid: "valid"
    case .linked: "hash link ok, signature unchecked"
    case .unsigned: "signature unchecked, no digest after it is here"
    case .newest: "newest, nothing signs it yet"
    case .unvouched:
      "INVALID: nothing vouches for it, and it is not the newest: save its signature"
    case .altered(let reason): "INVALID: \(printable(reason))"
    case .missing: "INVALID: not found"
    case .moved: "INVALID: has been moved from its original location"
    case .keyNotFound(let reason): "INVALID: \(printable(reason))"
    case .invalidFormat(let reason): "INVALID: \(printable(reason))"
    }
  }

  /// The status without its reason, for programs.
  public var verdict: DigestVerdict {
    switch self {
    case .valid: .valid
    case .linked: .linked
    case .unsigned: .unsigned
    case .newest: .newest
    case .unvouched: .unvouched
    case .altered: .altered
    case .missing: .missing
    case .moved: .moved
    case .keyNotFound: .keyNotFound
    case .invalidFormat: .invalidFormat
    }
  }

  /// One word for programs.
  public var name: String { verdict.rawValue }

  /// Why, where the name of the status does not say it.
  public var reason: String? {
    switch self {
    case .altered(let reason), .keyNotFound(let reason), .invalidFormat(let reason): reason
    case .valid, .linked, .unsigned, .newest, .unvouched, .missing, .moved: nil
    }
  }

  /// The group in a summary.
  var summary: String {
    switch self {
    case .unsigned: "signature unchecked"
    case .linked, .newest, .valid: text
    case .unvouched, .altered, .missing, .moved, .keyNotFound, .invalidFormat: "INVALID"
    }
  }
}

/// A digest and what became of it.
public struct DigestFinding: Sendable {
  /// Where it says that it belongs; of one that cannot be read, its path without a bucket.
  public var object: ObjectKey
  /// Nil when it is missing.
  public var path: Path?
  public var chain: ChainID
  public var status: DigestStatus
  /// The delivery times that it covers; nil when it cannot be read, the start also when it is missing
  /// and others may be before it.
  public var start: EventTime?
  public var end: EventTime?
  /// Whether the inputs of this validation have it, or a digest that names it.
  public var isCurrent: Bool
}
