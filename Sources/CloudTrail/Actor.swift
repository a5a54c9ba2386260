import Bytes

/// Who acted, in one readable name, for every identity type that CloudTrail knows.
///
/// | `userIdentity.type` | name | example |
/// |---|---|---|
/// | `Root` | `root of` the account | `root of 111122223333` |
/// | `IAMUser` | `userName`, else the last part of the ARN | `alice` |
/// | `AssumedRole` | role and session, from the ARN, else from the session's issuer and `principalId` | `Deployer/build-42` |
/// | `FederatedUser` | the ARN after its first slash | `bob` |
/// | `AWSService` | `invokedBy` | `ec2.amazonaws.com` |
/// | `AWSAccount` | `account` and its number | `account 444455556666` |
/// | `IdentityCenterUser` | `userName`, else `onBehalfOf.userId` | `90676b2c-…` |
/// | `Role`, `Directory`, `SAMLUser`, `WebIdentityUser`, `Unknown`, any other, or none | the first of: `userName`, last part of the ARN, `onBehalfOf.userId`, `principalId`, `invokedBy`, `account` and its number | `alice@example.com` |
///
/// The last row is also where a type goes whose own field is missing. Where nothing is left the name
/// is `unknown`. When an AWS service made the call for somebody, ` via` and the service follow:
/// `alice via cloudformation.amazonaws.com`.
///
/// The type is `userIdentity.type` as it is. Some service events lack it: it is then `AWSService`
/// if there is an `invokedBy`, else `AWSAccount` if there is an `accountId`, else `Unknown`.
struct Actor: Sendable {
  private let type: FieldTree.Field
  private let userName: FieldTree.Field
  private let arn: FieldTree.Field
  private let accountId: FieldTree.Field
  private let principalId: FieldTree.Field
  private let invokedBy: FieldTree.Field
  private let issuerName: FieldTree.Field
  private let onBehalfOf: FieldTree.Field

  init(in tree: inout FieldTree) {
    func field(_ keys: String...) -> FieldTree.Field {
      tree.insert(FieldPath(keys: ["userIdentity"] + keys), isShown: false)
    }
    type = field("type")
    userName = field("userName")
    arn = field("arn")
    accountId = field("accountId")
    principalId = field("principalId")
    invokedBy = field("invokedBy")
    issuerName = field("sessionContext", "sessionIssuer", "userName")
    onBehalfOf = field("onBehalfOf", "userId")
  }

  func appendType(
    of record: Span<UInt8>, from capture: borrowing FieldCapture, to output: inout ByteBuffer
  ) {
    if capture.appendText(type, of: record, to: &output) { return }
    if !capture[invokedBy].isEmpty {
      output.append("AWSService")
    } else if !capture[accountId].isEmpty {
      output.append("AWSAccount")
    } else {
      output.append("Unknown")
    }
  }

  func appendName(
    of record: Span<UInt8>, from capture: borrowing FieldCapture, to output: inout ByteBuffer
  ) {
    let isNamed =
      appendOwnName(of: record, from: capture, to: &output)
      || appendAnyName(of: record, from: capture, to: &output)
    let isService = capture.holds(type, "AWSService", in: record)
    if isNamed, !isService, !capture[invokedBy].isEmpty {
      output.append(" via ")
      capture.appendText(invokedBy, of: record, to: &output)
    } else if !isNamed, !capture.appendText(invokedBy, of: record, to: &output),
      !appendAccount("account ", of: record, from: capture, to: &output)
    {
      output.append("unknown")
    }
  }

  /// Appends the name that the type calls for; false if its field is missing.
  private func appendOwnName(
    of record: Span<UInt8>, from capture: borrowing FieldCapture, to output: inout ByteBuffer
  ) -> Bool {
    if capture.holds(type, "AssumedRole", in: record) {
      return appendARN(after: .firstSlash, of: record, from: capture, to: &output)
        || appendSession(of: record, from: capture, to: &output)
    }
    if capture.holds(type, "AWSService", in: record) {
      return capture.appendText(invokedBy, of: record, to: &output)
    }
    if capture.holds(type, "Root", in: record) {
      if !appendAccount("root of ", of: record, from: capture, to: &output) {
        output.append("root")
      }
      return true
    }
    if capture.holds(type, "FederatedUser", in: record) {
      return appendARN(after: .firstSlash, of: record, from: capture, to: &output)
    }
    if capture.holds(type, "AWSAccount", in: record) {
      return appendAccount("account ", of: record, from: capture, to: &output)
    }
    return false
  }

  private func appendAnyName(
    of record: Span<UInt8>, from capture: borrowing FieldCapture, to output: inout ByteBuffer
  ) -> Bool {
    capture.appendText(userName, of: record, to: &output)
      || appendARN(after: .lastSlash, of: record, from: capture, to: &output)
      || capture.appendText(onBehalfOf, of: record, to: &output)
      || capture.appendText(principalId, of: record, to: &output)
  }

  private func appendAccount(
    _ prefix: StaticString, of record: Span<UInt8>, from capture: borrowing FieldCapture,
    to output: inout ByteBuffer
  ) -> Bool {
    if capture[accountId].isEmpty { return false }
    output.append(prefix)
    return capture.appendText(accountId, of: record, to: &output)
  }

  /// Appends the issuer's name and the session that `principalId` names after its colon.
  private func appendSession(
    of record: Span<UInt8>, from capture: borrowing FieldCapture, to output: inout ByteBuffer
  ) -> Bool {
    guard capture.appendText(issuerName, of: record, to: &output) else { return false }
    let start = output.count
    output.append(ASCII.slash)
    capture.appendText(principalId, of: record, to: &output)
    let colon = ByteSearch.first(ASCII.colon, in: output.bytes, from: start)
    if colon + 1 < output.count {
      let session = (colon + 1)..<output.count
      output.moveDown(session, to: start + 1)
      output.truncate(to: start + 1 + session.count)
    } else {
      output.truncate(to: start)
    }
    return true
  }

  private enum Separator {
    case firstSlash
    case lastSlash
  }

  /// Appends what follows a slash of the ARN; false if there is none or nothing follows.
  private func appendARN(
    after separator: Separator, of record: Span<UInt8>, from capture: borrowing FieldCapture,
    to output: inout ByteBuffer
  ) -> Bool {
    let start = output.count
    capture.appendText(arn, of: record, to: &output)
    var slash = ByteSearch.first(ASCII.slash, in: output.bytes, from: start)
    if separator == .lastSlash {
      var next = slash
      while next < output.count {
        slash = next
        next = ByteSearch.first(ASCII.slash, in: output.bytes, from: next + 1)
      }
    }
    guard slash + 1 < output.count else {
      output.truncate(to: start)
      return false
    }
    let name = (slash + 1)..<output.count
    output.moveDown(name, to: start)
    output.truncate(to: start + name.count)
    return true
  }
}
