import CloudTrail

/// The top-level fields of the records of each family (CloudTrail User Guide, "CloudTrail record
/// contents", "Insights event record contents", "Aggregated events").
enum RecordColumns {
  static func all(of family: Family) -> [TableDescription.Column] {
    switch family {
    case .events, .networkActivity: common
    case .insight: insight
    case .aggregated: aggregated
    }
  }

  private static let common: [TableDescription.Column] =
    text("eventVersion") + json("userIdentity")
    + text("eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent")
    + text("errorCode", "errorMessage")
    + json("requestParameters", "responseElements", "additionalEventData")
    + text("requestID", "eventID", "eventType", "apiVersion", "managementEvent", "readOnly")
    + json("resources") + text("recipientAccountId", "sharedEventID", "vpcEndpointId")
    + json("serviceEventDetails", "addendum", "tlsDetails")
    + text("vpcEndpointAccountId", "eventCategory", "sessionCredentialFromConsole")
    + json("edgeDeviceDetails", "insightDetails", "eventContext")

  private static let insight: [TableDescription.Column] =
    text("eventVersion", "eventTime", "awsRegion", "eventID", "eventType", "recipientAccountId")
    + text("sharedEventID", "eventCategory") + json("insightDetails", "addendum")

  /// Aggregated events have names of their own for what all others have.
  private static let aggregated: [TableDescription.Column] =
    text("eventVersion", "eventId", "eventTime", "eventType", "eventCategory", "awsRegion")
    + text("accountId") + json("timeWindow", "summary", "addendum")

  private static func text(_ names: String...) -> [TableDescription.Column] {
    names.map { TableDescription.Column(name: $0, kind: .text) }
  }

  private static func json(_ names: String...) -> [TableDescription.Column] {
    names.map { TableDescription.Column(name: $0, kind: .json) }
  }
}
