/// Writes records, one at a time, into a buffer that is used again.
struct RecordMaker {
  /// Which text an event gets.
  ///
  /// Editions differ, the eventID stays.
  enum Edition {
    case original
    /// The same event in a higher eventVersion than any original has.
    case newerVersion
    /// The same event and eventVersion with one more field.
    case longer
  }

  let accounts: [Account]
  let options: SampleTrailOptions
  private(set) var json = JSONWriter()

  init(options: SampleTrailOptions) {
    accounts = (0..<options.accounts).map { Account(index: $0, of: options) }
    self.options = options
  }

  /// Makes the record of one event.
  ///
  /// - Parameters:
  ///   - time: when it happens.
  ///   - place: the account and region that record it.
  ///   - isLate: whether it says that its delivery was delayed.
  ///   - edition: which text it gets.
  ///   - random: decides everything else; the same state gives the same event.
  /// - Returns: compact JSON.
  mutating func record(
    at time: UTCTime, in place: AccountRegion, isLate: Bool = false, edition: Edition = .original,
    _ random: inout SplitMix64
  ) -> [UInt8] {
    json.removeAll()
    let call = Call.draw(&random)
    var scene = scene(of: call, at: time, in: place, &random)
    let usualVersion = scene.random.pick(["1.08", "1.09", "1.10"])
    let version =
      switch edition {
      case .newerVersion: "1.11"
      default: call.isOldFashioned ? "1.05" : usualVersion
      }
    var ending = Ending(edition: edition, isLate: isLate)
    if call.name == Call.assumeRole.name, scene.actor.isService {
      ending.sharedEventID = scene.random.uuid()
    }
    let isDenied = call.eventType == "AwsApiCall" && scene.random.chance(0.1)
    json.record(of: call, in: &scene, version: version, isDenied: isDenied, ending: ending)
    random = scene.random
    return json.bytes
  }

  /// One AssumeRole across accounts as both sides record it: two events, one `sharedEventID`.
  mutating func sharedPair(
    at time: UTCTime, caller: AccountRegion, owner: AccountRegion, _ random: inout SplitMix64
  ) -> (caller: [UInt8], owner: [UInt8]) {
    let callerAccount = accounts[caller.account]
    var actor = callerAccount.actors[0]
    while actor.kind != .role { actor = random.pick(callerAccount.actors) }
    var ending = Ending()
    ending.sharedEventID = random.uuid()
    func side(_ place: AccountRegion) -> [UInt8] {
      json.removeAll()
      var scene = Scene(
        account: accounts[place.account], region: place.region, time: time, actor: actor,
        random: random)
      json.record(
        of: Call.assumeRole, in: &scene, version: "1.08", isDenied: false, ending: ending)
      random = scene.random
      return json.bytes
    }
    return (side(caller), side(owner))
  }

  private func scene(
    of call: Call, at time: UTCTime, in place: AccountRegion, _ random: inout SplitMix64
  ) -> Scene {
    let account = accounts[place.account]
    var actor = random.pick(account.actors)
    switch call.eventType {
    case "AwsServiceEvent": actor = account.actors.first { $0.kind == .untyped } ?? actor
    // People sign in, programs and services do not.
    case "AwsConsoleSignIn":
      actor = account.actors.first { $0.userAgent == UserAgent.browser } ?? actor
    default:
      if actor.kind == .untyped { actor = account.actors.first { $0.kind == .role } ?? actor }
    }
    return Scene(
      account: account, region: place.region, time: time, actor: actor,
      isUnderAttack: options.hostile, random: random)
  }
}

/// What some records have after the usual fields.
struct Ending {
  var edition = RecordMaker.Edition.original
  var isLate = false
  var sharedEventID: String?
}
