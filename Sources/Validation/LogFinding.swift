public import Bytes

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
  case noDigest

  public var isInvalid: Bool {
    switch self {
    case .verified, .hashOK, .noDigest: false
    case .mismatch, .missing: true
    }
  }

  /// The words of `aws cloudtrail validate-logs` where it has some.
  public var text: String {
    switch self {
    case .verified: "valid"
    case .hashOK: "hash ok, signature unchecked"
    case .mismatch(let reason): "INVALID: \(printable(reason))"
    case .missing: "INVALID: not found"
    case .noDigest: "no digest"
    }
  }

  /// The status's name in reports.
  public var name: String {
    switch self {
    case .verified: "verified"
    case .hashOK: "hash ok, signature unchecked"
    case .mismatch: "mismatch"
    case .missing: "listed but missing"
    case .noDigest: "no digest"
    }
  }
}

/// A log file and what became of it.
public struct LogFinding: Sendable {
  /// As the digest names it; nil when none does.
  public var object: ObjectKey?
  /// Nil when it is missing.
  public var path: Path?
  /// The digest that lists it.
  public var digest: ObjectKey?
  public var isBackfill: Bool
  public var status: LogStatus
}
