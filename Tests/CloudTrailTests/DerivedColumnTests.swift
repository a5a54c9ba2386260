import Bytes
import CloudTrail
import Testing

struct DerivedColumnTests {
  private func text(_ column: DerivedColumn, of record: String) -> String {
    var tree = FieldTree()
    let fields = DerivedFields(in: &tree)
    var capture = FieldCapture(tree)
    let bytes = Array(record.utf8)
    capture.read(bytes.span)
    var output = ByteBuffer()
    fields.append(column, of: bytes.span, from: capture, to: &output)
    return output.bytes.text()
  }

  private func text(_ column: DerivedColumn, ofIdentity identity: String) -> String {
    text(column, of: #"{"eventVersion":"1.08","userIdentity":\#(identity),"eventName":"X"}"#)
  }

  private static let identities: [(identity: String, actor: String, type: String)] = [
    (#"{"type":"Root","accountId":"111122223333"}"#, "root of 111122223333", "Root"),
    (#"{"type":"Root","userName":"alias"}"#, "root", "Root"),
    (
      #"{"type":"IAMUser","arn":"arn:aws:iam::1:user/x/Al","userName":"Alice"}"#, "Alice",
      "IAMUser"
    ),
    (#"{"type":"IAMUser","arn":"arn:aws:iam::1:user\/staff\/Alice"}"#, "Alice", "IAMUser"),
    (#"{"type":"IAMUser","userName":"","principalId":"AIDA1"}"#, "AIDA1", "IAMUser"),
    (
      #"{"type":"IAMUser","userName":"Bob","invokedBy":"cloudformation.amazonaws.com"}"#,
      "Bob via cloudformation.amazonaws.com", "IAMUser"
    ),
    (
      #"{"type":"AssumedRole","principalId":"AROA1:me","arn":"arn:aws:sts::1:assumed-role/Dev/me"}"#,
      "Dev/me", "AssumedRole"
    ),
    (
      #"{"type":"AssumedRole","principalId":"AROA1:me","sessionContext":{"sessionIssuer":{"userName":"Dev"}}}"#,
      "Dev/me", "AssumedRole"
    ),
    (
      #"{"type":"AssumedRole","sessionContext":{"sessionIssuer":{"userName":"Dev"}}}"#, "Dev",
      "AssumedRole"
    ),
    (#"{"type":"AssumedRole","principalId":"AROA1:me"}"#, "AROA1:me", "AssumedRole"),
    (#"{"type":"Role","arn":"arn:aws:iam::1:role/path/Batch"}"#, "Batch", "Role"),
    (
      #"{"type":"FederatedUser","arn":"arn:aws:sts::1:federated-user/Carol"}"#, "Carol",
      "FederatedUser"
    ),
    (#"{"type":"FederatedUser","principalId":"1:Carol"}"#, "1:Carol", "FederatedUser"),
    (#"{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}"#, "ec2.amazonaws.com", "AWSService"),
    (#"{"type":"AWSService"}"#, "unknown", "AWSService"),
    (
      #"{"type":"AWSAccount","principalId":"AIDA2","accountId":"012345678910"}"#,
      "account 012345678910", "AWSAccount"
    ),
    (#"{"type":"AWSAccount","principalId":"AIDA2"}"#, "AIDA2", "AWSAccount"),
    (
      #"{"type":"IdentityCenterUser","accountId":"1","onBehalfOf":{"userId":"9067-1"}}"#, "9067-1",
      "IdentityCenterUser"
    ),
    (#"{"type":"SAMLUser","userName":"d@x.org","principalId":"p:d"}"#, "d@x.org", "SAMLUser"),
    (#"{"type":"WebIdentityUser","principalId":"idp:app:u"}"#, "idp:app:u", "WebIdentityUser"),
    (#"{"type":"Directory","principalId":"d-1\\eve"}"#, #"d-1\eve"#, "Directory"),
    (#"{"type":"Unknown"}"#, "unknown", "Unknown"),
    (#"{"type":"NewKind","accountId":"5"}"#, "account 5", "NewKind"),
    (
      #"{"accountId":"5","invokedBy":"secretsmanager.amazonaws.com"}"#,
      "secretsmanager.amazonaws.com", "AWSService"
    ),
    (#"{"accountId":"5"}"#, "account 5", "AWSAccount"),
    (#"{}"#, "unknown", "Unknown"), (#"null"#, "unknown", "Unknown"),
  ]

  @Test(arguments: identities)
  func `every identity has a name and a type`(
    identity: (identity: String, actor: String, type: String)
  ) {
    #expect(text(.actor, ofIdentity: identity.identity) == identity.actor)
    #expect(text(.actorType, ofIdentity: identity.identity) == identity.type)
  }

  @Test func `a record without an identity has an unknown actor`() {
    #expect(text(.actor, of: #"{"eventName":"X"}"#) == "unknown")
    #expect(text(.actorType, of: #"{"eventName":"X"}"#) == "Unknown")
    #expect(text(.usedRoot, of: #"{"eventName":"X"}"#) == "false")
    #expect(text(.usedTemporaryCredentials, of: #"{"eventName":"X"}"#) == "false")
  }

  @Test(arguments: [
    (#"{"type":"Root"}"#, "true"), (#"{"type":"\u0052oot"}"#, "true"),
    (#"{"type":"IAMUser","userName":"Root"}"#, "false"),
    (#"{"type":"FederatedUser","sessionContext":{"sessionIssuer":{"type":"Root"}}}"#, "true"),
    (#"{"type":"X","sessionContext":{"assumedRoot":"true"}}"#, "true"),
    (#"{"type":"X","sessionContext":{"assumedRoot":true}}"#, "true"),
    (#"{"type":"X","sessionContext":{"assumedRoot":"false"}}"#, "false"),
  ])
  func `root is seen in all its forms`(identity: String, answer: String) {
    #expect(text(.usedRoot, ofIdentity: identity) == answer)
  }

  @Test(arguments: [
    (#"{"type":"AssumedRole"}"#, "true"), (#"{"type":"FederatedUser"}"#, "true"),
    (#"{"type":"IAMUser","accessKeyId":"ASIAX"}"#, "true"),
    (#"{"type":"IAMUser","accessKeyId":"AKIAX","sessionContext":{"attributes":{}}}"#, "false"),
    (#"{"type":"IAMUser","accessKeyId":"AKIAX"}"#, "false"),
    (#"{"type":"Root","accessKeyId":"","sessionContext":{"attributes":{}}}"#, "true"),
    (#"{"type":"IAMUser","sessionContext":{}}"#, "false"),
    (#"{"type":"AWSService","invokedBy":"x"}"#, "false"),
  ])
  func `temporary credentials are seen by type, key and session`(identity: String, answer: String) {
    #expect(text(.usedTemporaryCredentials, ofIdentity: identity) == answer)
  }

  @Test(arguments: [
    (#"{"eventName":"X"}"#, "ok"), (#"{"errorCode":null,"errorMessage":""}"#, "ok"),
    (#"{"errorCode":"AccessDenied","errorMessage":"no"}"#, "AccessDenied"),
    (#"{"errorMessage":"Failed authentication"}"#, "Failed authentication"),
    (#"{"responseElements":{"ConsoleLogin":"Failure"}}"#, "Failure"),
    (#"{"responseElements":{"SwitchRole":"Failure"}}"#, "Failure"),
    (#"{"responseElements":{"ConsoleLogin":"Success"}}"#, "ok"),
    (#"{"responseElements":"ConsoleLogin"}"#, "ok"),
  ])
  func `the outcome is ok or the reason`(record: String, outcome: String) {
    #expect(text(.outcome, of: record) == outcome)
  }
}
