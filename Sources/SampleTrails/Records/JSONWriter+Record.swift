extension JSONWriter {
  /// Appends a record, its fields in the order that CloudTrail mostly uses.
  mutating func record(
    of call: Call, in scene: inout Scene, version: String, isDenied: Bool, ending: Ending
  ) {
    object { record in
      record.field("eventVersion", version)
      record.userIdentity(of: scene)
      record.field("eventTime", scene.time.timestamp)
      record.field("eventSource", call.source)
      record.field("eventName", call.name)
      record.field("awsRegion", scene.region)
      record.origin(of: call, in: &scene)
      if isDenied { record.denial(of: call, in: scene) }
      call.request(&record, &scene)
      if isDenied {
        record.null("responseElements")
      } else {
        call.response(&record, &scene)
      }
      record.field("requestID", call.requestID(&scene.random))
      record.field("eventID", scene.random.uuid())
      if !call.isOldFashioned { record.field("readOnly", call.readOnly) }
      record.resources(of: call, in: scene)
      record.field("eventType", call.eventType)
      if let version = call.apiVersion { record.field("apiVersion", version) }
      if !call.isOldFashioned {
        record.field("managementEvent", call.category == .management)
      }
      record.field("recipientAccountId", scene.account.id)
      record.ending(ending)
      if !call.isOldFashioned {
        record.field("eventCategory", call.category.rawValue)
        record.connection(of: call, in: scene)
      }
    }
  }

  private mutating func origin(of call: Call, in scene: inout Scene) {
    let actor = scene.actor
    if actor.isService {
      field("sourceIPAddress", actor.name)
      field("userAgent", actor.name)
      return
    }
    field("sourceIPAddress", scene.random.pick(scene.account.addresses))
    var agent = actor.userAgent
    if scene.isUnderAttack, scene.random.chance(0.02) {
      agent = scene.random.pick(UserAgent.attacks)
    }
    field("userAgent", call.isS3 ? "[\(agent)]" : agent)
  }

  private mutating func denial(of call: Call, in scene: Scene) {
    let action = "\(call.service):\(call.name)"
    field("errorCode", "AccessDenied")
    field(
      "errorMessage",
      "User: \(scene.actor.arn) is not authorized to perform: \(action) because no "
        + "identity-based policy allows the \(action) action")
  }

  private mutating func resources(of call: Call, in scene: Scene) {
    guard let resource = call.resource?(scene) else { return }
    array("resources") { list in
      list.object { entry in
        entry.field("accountId", scene.account.id)
        entry.field("type", resource.type)
        entry.field("ARN", resource.arn)
      }
    }
  }

  private mutating func ending(_ ending: Ending) {
    if let id = ending.sharedEventID { field("sharedEventID", id) }
    if ending.isLate {
      object("addendum") { $0.field("reason", "DELIVERY_DELAY") }
    }
    if ending.edition == .longer { field("vpcEndpointId", "vpce-0a1b2c3d4e5f60718") }
  }

  private mutating func connection(of call: Call, in scene: Scene) {
    if scene.actor.isService { return }
    object("tlsDetails") { details in
      details.field("tlsVersion", "TLSv1.3")
      details.field("cipherSuite", "TLS_AES_128_GCM_SHA256")
      details.field(
        "clientProvidedHostHeader", "\(call.service).\(scene.region).amazonaws.com")
    }
    if scene.actor.userAgent == UserAgent.browser { field("sessionCredentialFromConsole", "true") }
  }
}

extension Call {
  /// Request ids are UUIDs for most services, but not for all.
  fileprivate func requestID(_ random: inout SplitMix64) -> String {
    switch service {
    case "s3": random.text(16, of: .upper)
    case "dynamodb": random.text(52, of: .upper)
    default: random.uuid()
    }
  }
}
