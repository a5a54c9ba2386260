/// One event as it happens: who, where and when, and the source of everything made up about it.
struct Scene {
  let account: Account
  let region: String
  let time: UTCTime
  let actor: Actor
  /// Whether some callers send attacks as their user agent.
  var isUnderAttack = false
  var random: SplitMix64

  var bucket: String { account.buckets[time.seconds / 7 % account.buckets.count] }
  var instance: String { account.instances[time.seconds / 3 % account.instances.count] }

  /// The ARN `arn:aws:<service>:<region>:<account>:<resource>`.
  func arn(_ service: String, _ resource: String) -> String {
    "arn:aws:\(service):\(region):\(account.id):\(resource)"
  }

  /// Temporary keys change by the hour and with the actor, as those of a session do.
  func accessKey(prefix: String = "ASIA") -> String {
    var keys = SplitMix64(
      seed: UInt64(time.seconds / 3_600), part: UInt64(actor.principalID.utf8.count),
      UInt64(actor.principalID.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF }))
    return prefix + keys.text(16, of: .upper)
  }

  /// When the session began: some minutes before the hour.
  var sessionStart: UTCTime {
    UTCTime(seconds: time.seconds / 3_600 * 3_600) - (actor.session.utf8.count * 37 % 3_000)
  }
}
