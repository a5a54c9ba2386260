/// The way from a record to one of its fields, as `userIdentity.type` or `resources[0].ARN`.
public struct FieldPath: Sendable, Equatable {
  /// One step down.
  public enum Step: Sendable, Equatable {
    /// Into an object, by the key's text as UTF-8. Case counts: `tag` and `Tag` occur side by side.
    case key([UInt8])
    /// Into an array, counted from 0.
    case index(Int)
  }

  /// The steps from the outside in; the first is always a key.
  public let steps: [Step]

  init(steps: [Step]) {
    self.steps = steps
  }

  /// Makes a path of plain keys.
  init(keys: [String]) {
    steps = keys.map { .key(Array($0.utf8)) }
  }

  /// What the last step of the path starts from; nil for the record itself.
  public var parent: FieldPath? {
    steps.count > 1 ? FieldPath(steps: Array(steps.dropLast())) : nil
  }

  /// When the call was completed.
  public static let eventTime = FieldPath(keys: ["eventTime"])

  /// The event's own id.
  public static let eventID = FieldPath(keys: ["eventID"])

  /// Reads a path from text.
  ///
  /// Names are separated by dots. A name that itself holds a dot, a bracket, a quote or a space
  /// is in double quotes, written like a JSON string: `requestParameters."kubernetes.io/name"`.
  /// `[N]` picks an element of an array.
  ///
  /// - Throws: `ColumnError`, which says what is wrong at which character.
  public init(parsing text: String) throws(ColumnError) {
    var parser = ColumnParser(text)
    self = try parser.parsePath()
    try parser.expectEnd()
  }
}
