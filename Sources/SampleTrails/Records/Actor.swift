/// Someone or something that calls AWS: the source of `userIdentity`, address and user agent.
struct Actor: Sendable {
  /// The shapes of `userIdentity` (CloudTrail user guide, "userIdentity element").
  enum Kind: Sendable {
    case root
    case user
    case role
    case federatedUser
    case identityCenterUser
    case foreignAccount
    /// A service that names itself: `{"type":"AWSService","invokedBy":…}`.
    case service
    /// A service event whose identity has no `type`.
    case untyped
  }

  let kind: Kind
  /// The account the actor belongs to, which is another one for `foreignAccount`.
  let account: String
  /// A user's, role's or service's name.
  let name: String
  let principalID: String
  /// What a role's session is called.
  let session: String
  let userAgent: String

  var arn: String {
    switch kind {
    case .root: "arn:aws:iam::\(account):root"
    case .role: "arn:aws:sts::\(account):assumed-role/\(name)/\(session)"
    case .federatedUser: "arn:aws:sts::\(account):federated-user/\(name)"
    default: "arn:aws:iam::\(account):user/\(name)"
    }
  }

  /// Services act from their own name, not from an address.
  var isService: Bool { kind == .service || kind == .untyped }
}

extension Actor {
  /// Everyone who acts in one account.
  ///
  /// Roles come several times because most calls are theirs.
  static func cast(
    account: String, foreignAccount: String, hostile: Bool, _ random: inout SplitMix64
  ) -> [Actor] {
    func actor(
      _ kind: Kind, _ name: String, _ prefix: String, session: String = "", agent: String
    ) -> Actor {
      Actor(
        kind: kind, account: kind == .foreignAccount ? foreignAccount : account, name: name,
        principalID: prefix + random.text(17, of: .upper), session: session, userAgent: agent)
    }
    var cast = [
      actor(.root, "root", "", agent: UserAgent.browser),
      actor(.user, "alice", "AIDA", agent: UserAgent.commandLine),
      actor(.user, "ci-uploader", "AIDA", agent: UserAgent.python),
      actor(.federatedUser, "zoe.partner", "", agent: UserAgent.browser),
      actor(.identityCenterUser, "bob", "", agent: UserAgent.browser),
      actor(.foreignAccount, "vendor", "AIDA", agent: UserAgent.go),
      actor(.service, "ec2.amazonaws.com", "", agent: "ec2.amazonaws.com"),
      actor(.service, "config.amazonaws.com", "", agent: "config.amazonaws.com"),
      actor(.untyped, "secretsmanager.amazonaws.com", "", agent: "secretsmanager.amazonaws.com"),
    ]
    for (name, session, agent) in roles {
      let role = actor(.role, name, "AROA", session: session, agent: agent)
      cast += [role, role]
    }
    if hostile {
      cast.append(
        actor(.role, "contractor", "AROA", session: "=1+1@example.com", agent: UserAgent.python))
    }
    return cast
  }

  private static let roles = [
    ("deploy-pipeline", "AWSCodeBuild-9f1c7a52", UserAgent.terraform),
    ("app-frontend", "i-0c4b1d9e8f7a65432", UserAgent.java),
    ("batch-worker", "botocore-session-1793491201", UserAgent.python),
    ("AWSReservedSSO_Auditor_5d1e0c9b8a7f6e5d", "carol@example.com", UserAgent.browser),
    ("orders-function", "orders-function", UserAgent.java),
  ]
}
