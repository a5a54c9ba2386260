/// One column of a CSV output: what its fields hold, and the name in the header row.
public struct Column: Sendable, Equatable {
  /// What a column's fields hold.
  public enum Content: Sendable, Equatable {
    /// The field at a path.
    case field(FieldPath)
    /// An answer that is worked out from several fields.
    case derived(DerivedColumn)
    /// The JSON object of the top-level fields that no other column shows in whole or in part.
    case otherFields
    /// Where the record was read: not in the record, so the caller gives it.
    case provenance(Provenance)
  }

  /// What leads back from a row to the signed file.
  ///
  /// The raw value is the column's text. What the digest chain says of the file is not among them:
  /// digests come after the files they list, so it changes while the row stays as it is.
  public enum Provenance: String, CaseIterable, Sendable {
    /// The path of the file that held the record.
    case source = "_source"
    /// The record's place in that file, counted from 0.
    case index = "_index"
  }

  public let content: Content
  /// The name in the header row.
  public let name: String

  public init(_ content: Content, name: String) {
    self.content = content
    self.name = name
  }

  /// Reads `PATH` or `PATH as NAME`; without a name, the header shows the path as it was written.
  ///
  /// A bare `actor`, `otherFields`, `_source` … is the special column of that name; a field of the
  /// record that happens to be called so is reached by `"actor"`, in quotes.
  ///
  /// - Throws: `ColumnError`, which says what is wrong at which character.
  public init(parsing text: String) throws(ColumnError) {
    var parser = ColumnParser(text)
    let path = try parser.parsePath()
    let written = parser.text()
    name = try parser.parseRename() ?? written
    content = Column.special(written) ?? .field(path)
  }

  private static func special(_ word: String) -> Content? {
    if let derived = DerivedColumn(rawValue: word) { return .derived(derived) }
    if let provenance = Provenance(rawValue: word) { return .provenance(provenance) }
    return word == "otherFields" ? .otherFields : nil
  }

  /// Reads a whole list of columns.
  ///
  /// - Throws: `ColumnError` if one cannot be read, the list is empty, or two columns would have
  ///   one name in the header.
  public static func list(parsing texts: [String]) throws(ColumnError) -> [Column] {
    guard !texts.isEmpty else {
      throw ColumnError(column: "", character: nil, problem: "a list of columns must name one")
    }
    var columns: [Column] = []
    var firstTexts: [String: String] = [:]
    for text in texts {
      let column = try Column(parsing: text)
      if let first = firstTexts.updateValue(text, forKey: column.name) {
        throw ColumnError(
          column: text, character: nil,
          problem:
            "'\(first)' is already called '\(column.name)'; give one another name with 'as NAME'")
      }
      columns.append(column)
    }
    return columns
  }

  /// The texts of the columns of an output that names none, in order.
  ///
  /// One more is one line here.
  public static let defaults = [
    "eventTime",
    "eventName",
    "eventSource",
    "awsRegion",
    "recipientAccountId",
    "userIdentity.type",
    "userIdentity.userName",
    "userIdentity.arn",
    "userIdentity.accountId",
    "userIdentity.principalId",
    "userIdentity.accessKeyId",
    "userIdentity.invokedBy",
    "userIdentity.sessionContext.sessionIssuer.arn",
    "userIdentity.sessionContext.attributes.mfaAuthenticated",
    "sourceIPAddress",
    "userAgent",
    "errorCode",
    "errorMessage",
    "readOnly",
    "managementEvent",
    "eventCategory",
    "eventType",
    "resources",
    "requestParameters",
    "responseElements",
    "additionalEventData",
    "requestID",
    "eventID",
    "sharedEventID",
    "vpcEndpointId",
    "eventVersion",
  ]
}
