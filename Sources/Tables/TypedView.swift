import CloudTrail

/// What a typed view adds to a table of records: a time that is one, the parts of `userIdentity`, and who
/// acted with what outcome, as the columns of CSV outputs say it (`Actor`, `Outcome`).
struct TypedView: Sendable {
  /// Fields that the columns are worked out from, under names of their own.
  let parts: [TypedColumn]
  /// The columns that come first, in their order; they take the place of the table's of these names.
  let columns: [TypedColumn]

  init(of family: Family) {
    switch family {
    case .events, .networkActivity:
      parts = TypedView.identity
      columns =
        [TypedView.time(.column("eventTime"))] + TypedView.derived
        + ["managementEvent", "readOnly"].map {
          TypedColumn(name: $0, kind: .boolean, value: .column($0))
        }
    case .insight:
      parts = []
      columns = [TypedView.time(.column("eventTime"))]
    case .aggregated:
      parts = []
      columns = [
        TypedView.time(.first([.column("eventTime"), .field("timeWindow", ["windowStart"])]))
      ]
    }
  }

  /// A text without an offset is UTC.
  private static func time(_ text: Expression) -> TypedColumn {
    let local = Expression.match(text, "([0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?)$")
    return TypedColumn(
      name: "eventTime", kind: .time,
      value: .first([.choice([(.isThere(local), .joined([text, .text("Z")]))]), text]))
  }

  private static let identity: [TypedColumn] = [
    part("type", ["type"]), part("userName", ["userName"]), part("arn", ["arn"]),
    part("accountId", ["accountId"]), part("principalId", ["principalId"]),
    part("accessKeyId", ["accessKeyId"]), part("invokedBy", ["invokedBy"]),
    part("issuerName", ["sessionContext", "sessionIssuer", "userName"]),
    part("issuerArn", ["sessionContext", "sessionIssuer", "arn"]),
    part("mfaAuthenticated", ["sessionContext", "attributes", "mfaAuthenticated"]),
    part("onBehalfOf", ["onBehalfOf", "userId"]),
  ]

  private static func part(_ name: String, _ path: [String]) -> TypedColumn {
    TypedColumn(name: "userIdentity_\(name)", kind: .text, value: .field("userIdentity", path))
  }

  private static func identity(_ name: String) -> Expression { .column("userIdentity_\(name)") }

  private static let derived: [TypedColumn] = [
    TypedColumn(name: "actor", kind: .text, value: actor),
    TypedColumn(name: "actorType", kind: .text, value: actorType),
    TypedColumn(name: "outcome", kind: .text, value: outcome),
  ]

  // MARK: Who acted

  private static let actor: Expression = {
    let account = Expression.joined([.text("account "), identity("accountId")])
    let name = Expression.first([ownName, anyName])
    return .first([
      .choice([
        (
          .isNot(identity("type"), "AWSService"),
          .joined([name, .text(" via "), identity("invokedBy")])
        )
      ]),
      name, identity("invokedBy"), account, .text("unknown"),
    ])
  }()

  /// The name that the type calls for.
  private static let ownName: Expression = {
    let account = identity("accountId")
    let afterFirstSlash = Expression.match(identity("arn"), "(?s)^[^/]*/(.+)")
    let session = Expression.match(identity("principalId"), "(?s)^[^:]*:(.+)")
    let issuer = identity("issuerName")
    return .choice([
      (
        .equals(identity("type"), "AssumedRole"),
        .first([afterFirstSlash, .joined([issuer, .text("/"), session]), issuer])
      ),
      (.equals(identity("type"), "AWSService"), identity("invokedBy")),
      (
        .equals(identity("type"), "Root"),
        .first([.joined([.text("root of "), account]), .text("root")])
      ),
      (.equals(identity("type"), "FederatedUser"), afterFirstSlash),
      (.equals(identity("type"), "AWSAccount"), .joined([.text("account "), account])),
    ])
  }()

  private static let anyName = Expression.first([
    identity("userName"), .match(identity("arn"), "/([^/]+)$"), identity("onBehalfOf"),
    identity("principalId"),
  ])

  private static let actorType = Expression.first([
    identity("type"),
    .choice([
      (.isThere(identity("invokedBy")), .text("AWSService")),
      (.isThere(identity("accountId")), .text("AWSAccount")),
    ]),
    .text("Unknown"),
  ])

  // MARK: What came of it

  private static let outcome = Expression.first([
    .column("errorCode"), .column("errorMessage"),
    .choice([
      (.equals(.field("responseElements", ["ConsoleLogin"]), "Failure"), .text("Failure")),
      (.equals(.field("responseElements", ["SwitchRole"]), "Failure"), .text("Failure")),
    ]),
    .text("ok"),
  ])
}
