public import CloudTrail

extension RecordIdentity {
  /// The pass an identity belongs to when all identities are looked at in `passCount` passes.
  ///
  /// Mixed, since ids of tests and emulators often count upwards.
  public func pass(of passCount: Int) -> Int {
    let mixed = (high ^ low &* 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
    return Int((mixed >> 32) * UInt64(passCount) >> 32)
  }
}
