import Bytes

/// A digest file among the others.
struct DigestNode: Sendable {
  /// What another digest says of this one.
  struct Claim: Sendable {
    var successor: Int
    var link: Digest.Link
  }

  let path: Path
  /// Where it says that it belongs; where it is when it says nothing.
  let object: ObjectKey
  let chain: ChainID
  let isMoved: Bool
  /// Nil if it could not be read; `failure` says why.
  let digest: Digest?
  let failure: String
  /// By the digests that name it as the one before them.
  var claims: [Claim] = []
  /// The digests that this one names as the one before it; copies of one digest are several.
  var predecessors: [Int] = []

  init(reading file: Int, of files: LocalFiles) {
    path = files.path(of: file)
    do {
      let digest = try Digest(readingFileAt: path)
      object = digest.object
      isMoved = !files.isPlace(of: file, for: object)
      self.digest = digest
      failure = ""
    } catch {
      object = ObjectKey(bucket: [], key: path.bytes)
      isMoved = false
      digest = nil
      failure = reason(for: error)
    }
    chain = ChainID(key: object.key)
  }
}

/// What the checks of one digest gave.
struct DigestCheck: Sendable {
  var status: DigestStatus
  /// Whether a signature of its content was checked, wherever it is.
  var isSigned = false
  /// Digests that name this one with another hash or signature than it has.
  var contradicting: [Int] = []
}

extension DigestNode {
  /// Checks a digest against what the digests after it and the saved signatures say.
  ///
  /// A signature proves the content whatever else claims something about it; so a forged digest
  /// that names a good one harms only itself.
  func verdict(keys: PublicKeys?, signatures: Signatures, isLast: Bool) -> DigestCheck {
    guard let digest else { return DigestCheck(status: .invalidFormat(failure)) }
    if digest.content.hasTrailingData {
      return DigestCheck(status: .altered("data after the end of the gzip member"))
    }
    var agreeing: Set<Int> = []
    for claim in claims where claim.link.hash == digest.content.hash {
      agreeing.insert(claim.successor)
    }
    var result = DigestCheck(status: isLast ? .newest : .unsigned)
    let checks = keys.map { check(digest, with: $0, signatures) } ?? []
    if checks.contains(where: { $0.verdict == .verified }) {
      result = DigestCheck(status: .valid, isSigned: true)
      for check in checks where check.verdict != .verified {
        if let successor = check.successor { agreeing.remove(successor) }
      }
    } else if !checks.isEmpty {
      let missingKeys = checks.compactMap { check -> String? in
        if case .noKey(let reason) = check.verdict { reason } else { nil }
      }
      result.status =
        missingKeys.count == checks.count
        ? .keyNotFound(missingKeys[0]) : .altered("signature verification failed")
    } else if !agreeing.isEmpty {
      result.status = .linked
    } else if !claims.isEmpty {
      result.status = .altered("hash value doesn't match the one in the next digest")
    }
    if !result.status.isInvalid {
      result.contradicting = claims.map(\.successor).filter { !agreeing.contains($0) }
      if isMoved { result.status = .moved }
    }
    return result
  }

  /// Checks every signature of this digest that is at hand.
  private func check(
    _ digest: Digest, with keys: PublicKeys, _ signatures: Signatures
  ) -> [(successor: Int?, verdict: PublicKeys.Verdict)] {
    var known: [(successor: Int?, signature: [UInt8])] = []
    for claim in claims { known.append((claim.successor, claim.link.signature)) }
    if let saved = signatures.signature(of: object) { known.append((nil, saved)) }
    return known.map { successor, signature in
      (successor, keys.check(signature, of: digest, isBackfill: chain.isBackfill))
    }
  }
}
