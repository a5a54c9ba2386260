import Bytes

/// What came of a call: `ok`, or the first of these that is there.
///
/// 1. `errorCode`;
/// 2. `errorMessage`, which some services give alone;
/// 3. for signing in, `Failure` as `responseElements.ConsoleLogin` or `.SwitchRole` say it.
struct Outcome: Sendable {
  private let errorCode: FieldTree.Field
  private let errorMessage: FieldTree.Field
  private let consoleLogin: FieldTree.Field
  private let switchRole: FieldTree.Field

  init(in tree: inout FieldTree) {
    func field(_ keys: String...) -> FieldTree.Field {
      tree.insert(FieldPath(keys: keys), isShown: false)
    }
    errorCode = field("errorCode")
    errorMessage = field("errorMessage")
    consoleLogin = field("responseElements", "ConsoleLogin")
    switchRole = field("responseElements", "SwitchRole")
  }

  func append(
    of record: Span<UInt8>, from capture: borrowing FieldCapture, to output: inout ByteBuffer
  ) {
    if capture.appendText(errorCode, of: record, to: &output) { return }
    if capture.appendText(errorMessage, of: record, to: &output) { return }
    if capture.holds(consoleLogin, "Failure", in: record)
      || capture.holds(switchRole, "Failure", in: record)
    {
      output.append("Failure")
    } else {
      output.append("ok")
    }
  }
}
