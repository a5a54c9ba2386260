import Bytes

/// Whose powers a call was made with, and whether they expire.
///
/// **Root**: `userIdentity.type` is `Root`; or the session was issued to root
/// (`sessionContext.sessionIssuer.type`); or it is a privileged root session of a member account
/// (`sessionContext.assumedRoot`, boolean or text).
///
/// **Temporary**, by the first rule that fits:
/// 1. the type is `AssumedRole` or `FederatedUser`: yes;
/// 2. the access key begins with `ASIA`, the prefix of temporary keys: yes;
/// 3. it begins with `AKIA`, the prefix of lasting keys: no (IAM User Guide, "unique identifiers");
/// 4. there is a `sessionContext` with something in it, as for console sessions: yes;
/// 5. no.
struct Credentials: Sendable {
  private let type: FieldTree.Field
  private let accessKeyId: FieldTree.Field
  private let sessionContext: FieldTree.Field
  private let issuerType: FieldTree.Field
  private let assumedRoot: FieldTree.Field

  init(in tree: inout FieldTree) {
    func field(_ keys: String...) -> FieldTree.Field {
      tree.insert(FieldPath(keys: ["userIdentity"] + keys), isShown: false)
    }
    type = field("type")
    accessKeyId = field("accessKeyId")
    sessionContext = field("sessionContext")
    issuerType = field("sessionContext", "sessionIssuer", "type")
    assumedRoot = field("sessionContext", "assumedRoot")
  }

  func areRoot(in record: Span<UInt8>, _ capture: borrowing FieldCapture) -> Bool {
    capture.holds(type, "Root", in: record)
      || capture.holds(issuerType, "Root", in: record)
      || capture.holds(assumedRoot, "true", in: record)
  }

  func areTemporary(in record: Span<UInt8>, _ capture: borrowing FieldCapture) -> Bool {
    if capture.holds(type, "AssumedRole", in: record) { return true }
    if capture.holds(type, "FederatedUser", in: record) { return true }
    let key = capture[accessKeyId]
    if key.isString, key.range.count >= 4 {
      let prefix = key.range.lowerBound..<(key.range.lowerBound + 4)
      if record.equals(prefix, "ASIA") { return true }
      if record.equals(prefix, "AKIA") { return false }
    }
    let session = capture[sessionContext]
    return session.kind == .object && session.range.count > 2
  }
}
