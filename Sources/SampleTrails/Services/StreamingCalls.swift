extension Call {
  /// Kinesis Data Analytics, in both versions of its API, and Firehose.
  ///
  /// Both analytics APIs share one event source; `apiVersion` distinguishes them. Their records, and
  /// Firehose's, lack the fields of newer event versions.
  static let streamingCalls = [
    Call(
      source: "kinesisanalytics.amazonaws.com", name: "AddApplicationCloudWatchLoggingOption",
      weight: 2, readOnly: false, apiVersion: "2015-08-14", isOldFashioned: true,
      request: { json, scene in
        loggingOption(&json, scene, roleARN: "arn:aws:iam::\(scene.account.id):role/clicks-logging")
      }),
    Call(
      source: "kinesisanalytics.amazonaws.com", name: "DescribeApplication", weight: 3,
      apiVersion: "2015-08-14", isOldFashioned: true,
      request: { json, _ in
        json.object("requestParameters") { $0.field("applicationName", "clicks-sql") }
      }),
    Call(
      source: "kinesisanalytics.amazonaws.com", name: "AddApplicationCloudWatchLoggingOption",
      weight: 2, readOnly: false, apiVersion: "2018-05-23", isOldFashioned: true,
      request: { json, scene in loggingOption(&json, scene, roleARN: nil) },
      response: { json, scene in
        json.object("responseElements") { response in
          response.array("cloudWatchLoggingOptionDescriptions") { options in
            options.object { option in
              // A string here, a number in applicationVersionId.
              option.field("cloudWatchLoggingOptionId", "3.1")
              option.field("logStreamARN", scene.arn("logs", "log-group:clicks:log-stream:flink"))
            }
          }
          response.field("applicationVersionId", 3)
          response.field(
            "applicationARN", scene.arn("kinesisanalytics", "application/clicks-flink"))
        }
      }),
    Call(
      source: "firehose.amazonaws.com", name: "CreateDeliveryStream", weight: 2, readOnly: false,
      isOldFashioned: true,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("deliveryStreamName", "clicks-to-warehouse")
          parameters.object("redshiftDestinationConfiguration") { $0.warehouse(scene) }
        }
      },
      response: { json, scene in
        json.object("responseElements") { response in
          response.field(
            "deliveryStreamARN", scene.arn("firehose", "deliverystream/clicks-to-warehouse"))
        }
      }),
    Call(
      source: "firehose.amazonaws.com", name: "DescribeDeliveryStream", weight: 3,
      isOldFashioned: true, request: { json, _ in stream(&json) }),
    Call(
      source: "firehose.amazonaws.com", name: "ListDeliveryStreams", weight: 2,
      isOldFashioned: true,
      request: { json, _ in json.object("requestParameters") { $0.field("limit", 25) } }),
    Call(
      source: "firehose.amazonaws.com", name: "UpdateDestination", weight: 2, readOnly: false,
      isOldFashioned: true,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("destinationId", "destinationId-000000000001")
          parameters.field("deliveryStreamName", "clicks-to-warehouse")
          parameters.field("currentDeliveryStreamVersionId", "1")
          parameters.object("redshiftDestinationUpdate") { $0.warehouse(scene) }
        }
      }),
    Call(
      source: "firehose.amazonaws.com", name: "DeleteDeliveryStream", weight: 1, readOnly: false,
      isOldFashioned: true, request: { json, _ in stream(&json) }),
  ]

  private static func stream(_ json: inout JSONWriter) {
    json.object("requestParameters") { $0.field("deliveryStreamName", "clicks-to-warehouse") }
  }

  private static func loggingOption(_ json: inout JSONWriter, _ scene: Scene, roleARN: String?) {
    json.object("requestParameters") { parameters in
      parameters.field("currentApplicationVersionId", 2)
      parameters.object("cloudWatchLoggingOption") { option in
        if let roleARN { option.field("roleARN", roleARN) }
        option.field("logStreamARN", scene.arn("logs", "log-group:clicks:log-stream:analytics"))
      }
      parameters.field("applicationName", "clicks")
    }
  }
}

extension JSONWriter {
  /// A Redshift destination: odd camel case, and secrets as empty strings, which are data.
  fileprivate mutating func warehouse(_ scene: Scene) {
    object("s3Configuration") { s3 in
      s3.field("compressionFormat", "GZIP")
      s3.field("prefix", "clicks/")
      s3.field("bucketARN", "arn:aws:s3:::\(scene.bucket)")
      s3.field("bufferingHints", lexeme: #"{"sizeInMBs":5,"intervalInSeconds":300}"#)
      s3.object("encryptionConfiguration") { encryption in
        encryption.object("kMSEncryptionConfig") { config in
          config.field("aWSKMSKeyARN", scene.arn("kms", "key/\(scene.account.keyID)"))
        }
      }
    }
    field("clusterJDBCURL", "jdbc:redshift://clicks.example.com:5439/web")
    field("copyCommand", lexeme: #"{"copyOptions":"gzip json 'auto'","dataTableName":"clicks"}"#)
    field("password", "")
    field("username", "")
    field("roleARN", "arn:aws:iam::\(scene.account.id):role/firehose-delivery")
  }
}
