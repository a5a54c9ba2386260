extension Call {
  /// DynamoDB and RDS.
  static let databaseCalls = [
    Call(
      source: "dynamodb.amazonaws.com", name: "GetItem", weight: 30, category: .data,
      apiVersion: "2012-08-10",
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("tableName", "orders")
          parameters.object("key") { $0.field("orderId", "HIDDEN_DUE_TO_SECURITY_REASONS") }
          parameters.field("consistentRead", scene.random.chance(0.5))
        }
      },
      resource: { ($0.arn("dynamodb", "table/orders"), "AWS::DynamoDB::Table") }),
    Call(
      source: "dynamodb.amazonaws.com", name: "DescribeTable", weight: 12, apiVersion: "2012-08-10",
      request: { json, _ in
        json.object("requestParameters") { $0.field("tableName", "orders") }
      }),
    Call(
      source: "rds.amazonaws.com", name: "DescribeDBInstances", weight: 14,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("dBInstanceIdentifier", "ledger-\(scene.random.below(4))")
        }
      }),
    Call(
      source: "rds.amazonaws.com", name: "CreateDBSnapshot", weight: 3, readOnly: false,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("dBInstanceIdentifier", "ledger-0")
          parameters.field("dBSnapshotIdentifier", "nightly-\(scene.time.seconds)")
        }
      },
      response: { json, scene in
        json.object("responseElements") { response in
          response.field("dBSnapshotArn", scene.arn("rds", "snapshot:nightly"))
          response.field("snapshotCreateTime", scene.time.localeText)
          response.field("percentProgress", lexeme: "0.0")
          response.field("allocatedStorage", lexeme: "243.0")
          response.field("engineVersion", "16.4")
          response.field("encrypted", true)
        }
      }),
  ]
}
