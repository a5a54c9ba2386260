extension Call {
  /// CloudTrail itself, monitoring, Systems Manager and a service event.
  static let operationCalls = [
    Call(
      source: "cloudtrail.amazonaws.com", name: "LookupEvents", weight: 10,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("startTime", (scene.time - 3_600).localeText)
          parameters.field("maxResults", 50)
        }
      }),
    Call(
      source: "cloudtrail.amazonaws.com", name: "StopLogging", weight: 1, readOnly: false,
      request: { json, scene in
        json.object("requestParameters") { $0.field("name", scene.arn("cloudtrail", "trail/main")) }
      }),
    Call(
      source: "monitoring.amazonaws.com", name: "PutMetricAlarm", weight: 6, readOnly: false,
      apiVersion: "2010-08-01",
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("alarmName", "p99-latency-\(scene.random.below(12))")
          parameters.field("threshold", lexeme: "1.\(scene.random.within(100...999))E-5")
          parameters.field("evaluationPeriods", 3)
          parameters.field(
            "since", lexeme: "1.\(scene.random.within(100_000_000...999_999_999))E9")
        }
      }),
    Call(
      source: "ssm.amazonaws.com", name: "UpdateInstanceInformation", weight: 40, readOnly: false,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("instanceId", scene.instance)
          parameters.field("agentVersion", "3.3.2471.0")
          parameters.field("agentStatus", "Active")
          parameters.field("platformType", "Linux")
          parameters.field("platformName", "Amazon Linux")
          parameters.field("iPAddress", "10.0.1.\(scene.random.within(4...9))")
          parameters.field("computerName", "ip-10-0-1-17.\(scene.region).compute.internal")
        }
      }),
    Call(
      source: "secretsmanager.amazonaws.com", name: "RotationStarted", weight: 4, readOnly: false,
      eventType: "AwsServiceEvent",
      request: { json, _ in json.null("requestParameters") },
      response: { json, scene in
        json.null("responseElements")
        json.object("additionalEventData") { data in
          data.field("SecretId", scene.arn("secretsmanager", "secret:db/ledger-Q2x9Lm"))
        }
      }),
  ]
}
