extension JSONWriter {
  /// Appends `userIdentity`, which has other fields for every kind of actor.
  mutating func userIdentity(of scene: Scene) {
    let actor = scene.actor
    object("userIdentity") { identity in
      switch actor.kind {
      case .root:
        identity.field("type", "Root")
        identity.field("principalId", actor.account)
        identity.field("arn", actor.arn)
        identity.field("accountId", actor.account)
        identity.field("accessKeyId", "")
        identity.sessionAttributes(of: scene, multiFactor: true)
      case .user:
        identity.named("IAMUser", actor)
        identity.field("accessKeyId", "AKIA" + actor.principalID.dropFirst(5))
        identity.field("userName", actor.name)
      case .role:
        identity.field("type", "AssumedRole")
        identity.field("principalId", "\(actor.principalID):\(actor.session)")
        identity.field("arn", actor.arn)
        identity.field("accountId", actor.account)
        identity.field("accessKeyId", scene.accessKey())
        identity.sessionContext(of: scene)
      case .federatedUser:
        identity.named("FederatedUser", actor)
        identity.field("accessKeyId", scene.accessKey())
        identity.sessionAttributes(of: scene, multiFactor: false)
      case .identityCenterUser:
        identity.field("type", "IdentityCenterUser")
        identity.field("accountId", actor.account)
        identity.object("onBehalfOf") { user in
          user.field("userId", "c4e8f4a8-d0a1-70b2-6f3e-\(actor.account)")
          user.field(
            "identityStoreArn", "arn:aws:identitystore::\(actor.account):identitystore/d-90670ca1b2"
          )
        }
        identity.field("credentialId", "90670ca1b2c4e8f4a8d0a170b26f3e")
      case .foreignAccount:
        identity.field("type", "AWSAccount")
        identity.field("principalId", "\(actor.principalID):integration")
        identity.field("accountId", actor.account)
      case .service:
        identity.field("type", "AWSService")
        identity.field("invokedBy", actor.name)
      case .untyped:
        identity.field("accountId", actor.account)
        identity.field("invokedBy", actor.name)
      }
    }
  }

  private mutating func named(_ type: String, _ actor: Actor) {
    field("type", type)
    field("principalId", actor.principalID.isEmpty ? actor.account : actor.principalID)
    field("arn", actor.arn)
    field("accountId", actor.account)
  }

  private mutating func sessionContext(of scene: Scene) {
    let actor = scene.actor
    object("sessionContext") { context in
      context.object("sessionIssuer") { issuer in
        issuer.field("type", "Role")
        issuer.field("principalId", actor.principalID)
        issuer.field("arn", "arn:aws:iam::\(actor.account):role/\(actor.name)")
        issuer.field("accountId", actor.account)
        issuer.field("userName", actor.name)
      }
      context.field("webIdFederationData", lexeme: "{}")
      context.attributes(of: scene, multiFactor: false)
      if actor.session.hasPrefix("i-") { context.field("ec2RoleDelivery", "2.0") }
    }
  }

  /// A session that no role issued.
  private mutating func sessionAttributes(of scene: Scene, multiFactor: Bool) {
    object("sessionContext") { context in
      context.field("sessionIssuer", lexeme: "{}")
      context.field("webIdFederationData", lexeme: "{}")
      context.attributes(of: scene, multiFactor: multiFactor)
    }
  }

  /// `mfaAuthenticated` is a string, not a boolean.
  private mutating func attributes(of scene: Scene, multiFactor: Bool) {
    object("attributes") { attributes in
      attributes.field("creationDate", scene.sessionStart.timestamp)
      attributes.field("mfaAuthenticated", multiFactor ? "true" : "false")
    }
  }
}
