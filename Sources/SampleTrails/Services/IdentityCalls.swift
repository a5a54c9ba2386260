extension Call {
  /// STS, IAM, KMS and the console's sign-in.
  static let identityCalls = [
    assumeRole,
    Call(
      source: "sts.amazonaws.com", name: "GetCallerIdentity", weight: 30,
      request: { json, _ in json.null("requestParameters") }),
    Call(
      source: "iam.amazonaws.com", name: "ListRoles", weight: 12,
      request: { json, _ in json.object("requestParameters") { $0.field("maxItems", 100) } }),
    Call(
      source: "iam.amazonaws.com", name: "CreateRole", weight: 3, readOnly: false,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("roleName", "job-\(scene.random.text(8, of: .hex))")
          parameters.field("assumeRolePolicyDocument", trustPolicy)
          parameters.field("description", #"Reads "raw" data; path C:\jobs"#)
        }
      },
      response: { json, scene in
        json.object("responseElements") { response in
          response.object("role") { role in
            role.field("path", "/")
            role.field("roleId", "AROA" + scene.random.text(17, of: .upper))
            role.field("createDate", scene.time.localeText)
            role.field("assumeRolePolicyDocument", "%7B%22Version%22%3A%222012-10-17%22%7D")
          }
        }
      }),
    Call(
      source: "iam.amazonaws.com", name: "PutRolePolicy", weight: 3, readOnly: false,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.field("roleName", "batch-worker")
          parameters.field("policyName", "inline-\(scene.random.below(20))")
          parameters.field(
            "policyDocument",
            "{\n  \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", "
              + "\"Resource\": \"arn:aws:s3:::\(scene.bucket)/*\"}]\n}\n")
        }
      }),
    Call(
      source: "kms.amazonaws.com", name: "Decrypt", weight: 90,
      request: { json, scene in
        json.object("requestParameters") { parameters in
          parameters.object("encryptionContext") { context in
            context.field("aws:s3:arn", "arn:aws:s3:::\(scene.bucket)")
          }
          parameters.field("encryptionAlgorithm", "SYMMETRIC_DEFAULT")
        }
      },
      resource: { ($0.arn("kms", "key/\($0.account.keyID)"), "AWS::KMS::Key") }),
    Call(
      source: "signin.amazonaws.com", name: "ConsoleLogin", weight: 4, readOnly: false,
      eventType: "AwsConsoleSignIn",
      request: { json, _ in json.null("requestParameters") },
      response: { json, scene in
        json.object("responseElements") { $0.field("ConsoleLogin", "Success") }
        json.object("additionalEventData") { data in
          data.field(
            "LoginTo", "https://console.aws.amazon.com/console/home?region=\(scene.region)")
          data.field("MobileVersion", "No")
          data.field("MFAUsed", "Yes")
        }
      }),
  ]

  /// Also the call that two accounts record, as `RecordMaker` does in its pairs.
  ///
  /// It is read-only by AWS's books, and yet it has response elements.
  static let assumeRole = Call(
    source: "sts.amazonaws.com", name: "AssumeRole", weight: 40, apiVersion: "2011-06-15",
    request: { json, scene in
      json.object("requestParameters") { parameters in
        parameters.field("roleArn", "arn:aws:iam::\(scene.account.id):role/batch-worker")
        parameters.field("roleSessionName", "botocore-session-\(scene.time.seconds / 900 * 900)")
        parameters.field("durationSeconds", 3_600)
      }
    },
    response: { json, scene in
      json.object("responseElements") { response in
        response.object("credentials") { credentials in
          credentials.field("accessKeyId", "ASIA" + scene.random.text(16, of: .upper))
          credentials.field("sessionToken", scene.random.text(40, of: .base64))
          credentials.field("expiration", (scene.time + 3_600).localeText)
        }
        response.object("assumedRoleUser") { user in
          user.field("assumedRoleId", "AROAQ3EGPZ7XAMPLE55YT:botocore-session")
          user.field("arn", "arn:aws:sts::\(scene.account.id):assumed-role/batch-worker/botocore")
        }
      }
    },
    resource: { ("arn:aws:iam::\($0.account.id):role/batch-worker", "AWS::IAM::Role") })

  private static let trustPolicy = """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":\
    "lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}
    """
}
