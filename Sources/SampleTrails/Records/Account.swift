/// A made-up AWS account: its id and who acts in it.
///
/// A function of the seed and the account's index.
struct Account: Sendable {
  /// Twelve digits.
  ///
  /// The first account's id begins with 0: such ids are real, and numbers lose them.
  let id: String
  let actors: [Actor]
  let addresses: [String]
  let buckets: [String]
  let keyID: String
  let instances: [String]

  init(index: Int, of options: SampleTrailOptions) {
    var random = SplitMix64(seed: options.seed, part: 0xACC0_0000, UInt64(index))
    let lead = index == 0 ? "01" : String(1 + (index + 2) % 9)
    let id = lead + random.text(12 - lead.count, of: .digits)
    self.id = id
    let foreign = "9" + random.text(11, of: .digits)
    actors = Actor.cast(account: id, foreignAccount: foreign, hostile: options.hostile, &random)
    addresses =
      (0..<6).map { _ in "203.0.113.\(random.within(1...254))" }
      + ["2001:db8:85a3::8a2e:370:\(random.text(4, of: .hex))"]
    let suffix = random.text(6, of: .hex)
    buckets = ["app-assets", "billing-exports", "data-lake-raw"].map { "\($0)-\(suffix)" }
    keyID = random.uuid()
    instances = (0..<8).map { _ in "i-0" + random.text(16, of: .hex) }
  }
}
