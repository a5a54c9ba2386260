extension Call {
  /// S3.
  static let storageCalls = [
    Call(
      source: "s3.amazonaws.com", name: "GetObject", weight: 50, category: .data,
      request: { json, scene in
        let day = scene.time.folder
        json.object("requestParameters") { parameters in
          parameters.field("bucketName", scene.bucket)
          parameters.field("Host", "\(scene.bucket).s3.\(scene.region).amazonaws.com")
          parameters.field("key", "incoming/\(day)/part-\(scene.random.below(400)).parquet")
        }
      },
      response: transferred,
      resource: { ("arn:aws:s3:::\($0.bucket)", "AWS::S3::Bucket") }),
    Call(
      source: "s3.amazonaws.com", name: "PutObject", weight: 25, readOnly: false, category: .data,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("bucketName", scene.bucket)
          parameters.field("Host", "\(scene.bucket).s3.\(scene.region).amazonaws.com")
          parameters.field("key", "exports/r\u{E9}sum\u{E9} \(scene.random.below(90)).csv")
          parameters.field("x-amz-server-side-encryption", "aws:kms")
        }
      },
      response: { json, scene in
        json.object("responseElements") { response in
          response.field("x-amz-server-side-encryption", "aws:kms")
          response.field("x-amz-version-id", scene.random.text(32, of: .alphanumeric))
        }
      },
      resource: { ("arn:aws:s3:::\($0.bucket)", "AWS::S3::Bucket") }),
    Call(
      source: "s3.amazonaws.com", name: "GetBucketAcl", weight: 20,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("bucketName", scene.bucket)
          parameters.field("acl", "")
          parameters.field("Host", "\(scene.bucket).s3.amazonaws.com")
        }
      },
      response: transferred,
      resource: { ("arn:aws:s3:::\($0.bucket)", "AWS::S3::Bucket") }),
    // Again two keys that differ in their case only.
    Call(
      source: "s3.amazonaws.com", name: "PutBucketTagging", weight: 2, readOnly: false,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("tagging", "")
          parameters.field("bucketName", scene.bucket)
          parameters.field(
            "Tagging",
            lexeme: #"{"TagSet":{"Tag":[{"Key":"cost center","Value":"R&D \u003d 42"}]}}"#)
        }
      }),
  ]

  /// What S3 adds about the transfer.
  ///
  /// Byte counts are floats in real records.
  private static let transferred: @Sendable (inout JSONWriter, inout Scene) -> Void = {
    json, scene in
    json.null("responseElements")
    json.object("additionalEventData") { data in
      data.field("SignatureVersion", "SigV4")
      data.field("CipherSuite", "TLS_AES_128_GCM_SHA256")
      data.field("bytesTransferredIn", lexeme: "0.0")
      data.field("AuthenticationMethod", "AuthHeader")
      data.field("x-amz-id-2", scene.random.text(56, of: .base64))
      data.field("bytesTransferredOut", lexeme: "\(scene.random.below(90_000)).0")
    }
  }
}
