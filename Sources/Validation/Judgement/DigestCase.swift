public import Bytes
import CloudTrail
import Dataset

/// A digest with all that is said of it: its copies, the digests that name it, and saved signatures.
struct DigestCase: Sendable {
  /// What another digest says of this one.
  struct Claim: Sendable {
    /// Where the one that says it is in its chain.
    var place: [UInt8]
    var successor: ObjectKey
    var hash: SHA256Digest
    var signature: [UInt8]
    /// The fingerprint of the key that verified the signature before, for a digest of that hash.
    var verifiedBy: String?
    /// Of all copies of the one that says it.
    var paths: [Path]
    /// Those of them that are not known to have been verified.
    var newPaths: [Path]
  }

  /// What its document says, without the logs.
  struct Content: Sendable {
    var hash: SHA256Digest
    var hasTrailingData: Bool
    var start: EventTime
    var end: EventTime
    var endText: [UInt8]
    var fingerprint: String
    var previous: ObjectKey?
    var previousSignature: [UInt8]?
    var isEmpty: Bool
  }

  /// Where it is in its chain, for the order.
  var place: [UInt8]
  var chain: ChainID
  /// Where it says that it belongs; where it is when it says nothing.
  var object: ObjectKey
  /// Of all copies; the first one stands for them.
  var paths: [Path]
  /// Nil if it cannot be read; `failure` says why.
  var content: Content?
  var failure = ""
  var isMoved: Bool
  var isCurrent: Bool
  var savedSignatures: [DigestFacts.SavedSignature]
  /// The fingerprint of the key that verified a saved signature before.
  var verifiedBy: String?
  /// Of the copies that are not known to have been verified.
  var newPaths: [Path]
  var claims: [Claim] = []

  /// What the checks of one digest gave, before its place in the chain is looked at.
  struct Outcome: Sendable {
    /// Nil where nothing that is here says anything of it.
    var status: DigestStatus?
    /// Whether a signature of its content was verified, wherever it is.
    var isSigned = false
    /// Whether its content is not what CloudTrail wrote.
    var isRefuted = false
    /// Whether the metadata of its object is known to hold no signature.
    var isKnownUnsigned = false
    /// Why no key could check it, were there a signature.
    var missingKey: String?
    /// Places of digests that say something else of it than is so.
    var contradicting: [[UInt8]] = []
    /// Signatures that were verified now, or before with another copy.
    var verified: [VerifiedSignature] = []
  }

  /// Checks the digest against what the digests after it and the saved signatures say.
  ///
  /// A signature proves the content whatever else claims something about it; so a forged digest
  /// that names a good one harms only itself.
  func check(_ keys: PublicKeys?) -> Outcome {
    var outcome = Outcome()
    guard let content else {
      outcome.status = .invalidFormat(failure)
      return outcome
    }
    var agreeing = Set(claims.filter { $0.hash == content.hash }.map(\.place))
    outcome.isKnownUnsigned = savedSignatures.contains(DigestFacts.SavedSignature.none)
    checkSignatures(content, keys, &outcome, &agreeing)
    if outcome.isSigned {
      outcome.status = .valid
    } else if outcome.status == nil {
      if !agreeing.isEmpty {
        outcome.status = .linked
      } else if !claims.isEmpty {
        outcome.status = .altered("hash value doesn't match the one in the next digest")
      }
    }
    if case .altered? = outcome.status { outcome.isRefuted = true }
    if !outcome.isRefuted {
      outcome.contradicting = claims.map(\.place).filter { !agreeing.contains($0) }
    }
    if content.hasTrailingData, !outcome.isRefuted {
      outcome.status = .altered("data after the end of the gzip member")
    } else if isMoved, outcome.status?.isInvalid != true {
      outcome.status = .moved
    }
    return outcome
  }

  /// Checks every signature of this digest that is at hand.
  private func checkSignatures(
    _ content: Content, _ keys: PublicKeys?, _ outcome: inout Outcome,
    _ agreeing: inout Set<[UInt8]>
  ) {
    let known = keys?.find(content, isBackfill: chain.isBackfill)
    if case .missing(let reason)? = known { outcome.missingKey = reason }
    var isTried = false
    lazy var text = DigestFacts.Document.signedText(
      end: content.endText, object: object, hash: content.hash,
      previousSignature: content.previousSignature)
    func verifies(_ signature: [UInt8]) -> Bool {
      isTried = isTried || known != nil
      guard case .found(let keys)? = known else { return false }
      return PublicKeys.verifies(signature, of: text, with: keys)
    }
    var disagreeing: [[UInt8]] = []
    for claim in claims {
      if let fingerprint = claim.verifiedBy, claim.hash == content.hash {
        outcome.isSigned = true
        outcome.verified += claim.newPaths.map {
          VerifiedSignature(path: $0, isPrevious: true, fingerprint: fingerprint)
        }
      } else if verifies(claim.signature) {
        outcome.isSigned = true
        guard claim.hash == content.hash else { continue }
        outcome.verified += claim.paths.map {
          VerifiedSignature(path: $0, isPrevious: true, fingerprint: content.fingerprint)
        }
      } else {
        disagreeing.append(claim.place)
      }
    }
    if let verifiedBy {
      outcome.isSigned = true
      outcome.verified += newPaths.map {
        VerifiedSignature(path: $0, isPrevious: false, fingerprint: verifiedBy)
      }
    } else {
      for case .text(let signature) in savedSignatures where verifies(signature) {
        outcome.isSigned = true
        outcome.verified += paths.map {
          VerifiedSignature(path: $0, isPrevious: false, fingerprint: content.fingerprint)
        }
        break
      }
    }
    if outcome.isSigned {
      // With no key to check them with, the hashes are all that there is.
      if outcome.missingKey == nil, known != nil { agreeing.subtract(disagreeing) }
    } else if isTried {
      outcome.status =
        outcome.missingKey.map { .keyNotFound($0) } ?? .altered("signature verification failed")
    }
  }
}

/// A signature that was found to be CloudTrail's.
public struct VerifiedSignature: Sendable {
  /// The digest that it is known with: the one that it is of, or the one after that.
  public var path: Path
  /// Whether it is that of the digest before the one at `path`.
  public var isPrevious: Bool
  public var fingerprint: String
}
