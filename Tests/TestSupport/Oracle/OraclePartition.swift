/// The values that decide in which partition a record is, encoded as Hive does.
enum OraclePartition {
  static let missing = "__HIVE_DEFAULT_PARTITION__"

  /// `account=…/region=…/dt=…` of a record that was read from `path`.
  static func folder(of record: OracleElement, time: OracleTime, path: OraclePath) -> String {
    let identity = record.json.value(of: "userIdentity", in: record.node)
    let identityAccount = identity.flatMap { record.json.value(of: "accountId", in: $0) }
    let account =
      usable(record.string("recipientAccountId")) ?? usable(path.account.map { Array($0.utf8) })
      ?? usable(identityAccount.flatMap { record.json.string($0) })
    let region = usable(record.string("awsRegion")) ?? usable(path.region.map { Array($0.utf8) })
    return "account=\(encoded(account))/region=\(encoded(region))/dt=\(time.date)"
  }

  private static func usable(_ value: [UInt8]?) -> [UInt8]? {
    value?.isEmpty == true ? nil : value
  }

  /// A value of more than 200 bytes when encoded counts as missing.
  static func encoded(_ value: [UInt8]?) -> String {
    guard let value, !value.isEmpty else { return missing }
    let special = Array("\"#%'*/:=?\\\u{7F}{[]^".utf8)
    var result: [UInt8] = []
    for byte in value {
      if byte < 0x20 || special.contains(byte) {
        let hex = String(byte, radix: 16, uppercase: true)
        result += Array(("%" + (hex.count == 1 ? "0" : "") + hex).utf8)
      } else {
        result.append(byte)
      }
    }
    return result.count > 200 ? missing : String(decoding: result, as: UTF8.self)
  }
}
