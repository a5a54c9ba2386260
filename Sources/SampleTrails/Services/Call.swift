/// One kind of API call or service event, and how its part of a record is written.
///
/// Add a call to one of the lists beside this file, and it turns up in every tree.
struct Call: Sendable {
  enum Category: String, Sendable {
    case management = "Management"
    case data = "Data"
  }

  let source: String
  let name: String
  /// How often this call is made, next to the weights of the others.
  var weight = 10
  var readOnly = true
  var category = Category.management
  var eventType = "AwsApiCall"
  var apiVersion: String?
  /// Records of some services lack readOnly, managementEvent, eventCategory and tlsDetails.
  var isOldFashioned = false
  /// Appends `requestParameters`, one value, with its name.
  let request: @Sendable (inout JSONWriter, inout Scene) -> Void
  /// Appends the fields of a call that went well: `responseElements` and what follows it.
  var response: @Sendable (inout JSONWriter, inout Scene) -> Void = { json, _ in
    json.null("responseElements")
  }
  /// What the call touched, for `resources`; none leaves the field out.
  var resource: (@Sendable (Scene) -> (arn: String, type: String))?

  /// `s3` of `s3.amazonaws.com`.
  var service: Substring { source.prefix { $0 != "." } }

  var isS3: Bool { source == "s3.amazonaws.com" }

  /// Every call, in a fixed order.
  static let all =
    computeCalls + storageCalls + identityCalls + databaseCalls + streamingCalls + operationCalls

  /// The sums of the weights, for drawing a call in proportion.
  static let cumulativeWeights = all.reduce(into: [Int]()) { sums, call in
    sums.append((sums.last ?? 0) + call.weight)
  }

  /// Draws a call in proportion to its weight.
  static func draw(_ random: inout SplitMix64) -> Call {
    let sums = cumulativeWeights
    let drawn = random.below(sums.last ?? 1)
    return all[sums.firstIndex { $0 > drawn } ?? 0]
  }
}
