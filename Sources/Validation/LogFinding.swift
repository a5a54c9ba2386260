public import Bytes
public import CloudTrail

/// What became of one log file.
public enum LogStatus: Sendable, Equatable {
  /// It has the hash in a digest whose signature was checked.
  case verified
  /// It has the hash in a digest whose signature was not checked.
  case hashOK
  /// It is not what a digest says, or cannot be read; the text says how.
  case mismatch(String)
  /// A digest names it, and it is not there.
  case missing
  /// It is there, and no digest names it.
  case noDigest(DigestCoverage)
  /// A digest names it, and its hash is not known.
  case notChecked

  public var isInvalid: Bool { verdict.isInvalid }

  /// The words of `aws cloudtrail validate-logs` where it has some.
  public var text: String {
    switch self {
    case .verified: "valid"
    case .hashOK: "hash ok, signature unchecked"
    case .mismatch(let reason): "INVALID: \(printable(reason))"
    case .missing: "INVALID: not found"
    case .noDigest(.covered): "no digest, delivery time covered"
    case .noDigest(.pending): "no digest yet"
    case .noDigest(.uncovered): "no digest, delivery time not covered"
    case .notChecked: "not checked, read when its hash was not kept"
    }
  }

  /// The status without its reason.
  public var verdict: LogVerdict {
    switch self {
    case .verified: .verified
    case .hashOK: .hashOK
    case .mismatch: .mismatch
    case .missing: .missing
    case .noDigest: .noDigest
    case .notChecked: .notChecked
    }
  }

  /// The status's name in reports.
  public var name: String { verdict.rawValue }

  /// How a mismatch shows.
  public var reason: String? {
    if case .mismatch(let reason) = self { reason } else { nil }
  }

  /// Of a file that no digest names.
  public var coverage: DigestCoverage? {
    if case .noDigest(let coverage) = self { coverage } else { nil }
  }
}

/// A log file and what became of it.
public struct LogFinding: Sendable {
  /// As the digest names it; nil when none does.
  public var object: ObjectKey?
  /// Nil when it is missing.
  public var path: Path?
  /// The digest that lists it, and the chain of that.
  public var digest: ObjectKey?
  public var chain: ChainID?
  public var status: LogStatus
  /// Whether the inputs of this validation have the file, or the digest that lists it.
  public var isCurrent: Bool

  public var isBackfill: Bool { chain?.isBackfill ?? false }
}
