/// A value from a job file or a flag, and where it is.
///
/// Scalars stay texts: what a text means is known only to its key. So `012345678910` without quotes
/// is the account it looks like, and not a number that YAML makes of it.
struct JobValue: Sendable {
  enum Content: Sendable {
    case text(String)
    /// Nothing after the colon, `null` or `~`.
    case null
    case list([JobValue])
    case mapping([Entry])
  }

  struct Entry: Sendable {
    var key: String
    var position: SourcePosition?
    var value: JobValue
  }

  var content: Content
  var position: SourcePosition?

  /// A flag's values: one is a text, several are a list.
  init(flag values: [String]) {
    position = nil
    if let value = values.first, values.count == 1 {
      content = .text(value)
    } else {
      content = .list(values.map { JobValue(flag: [$0]) })
    }
  }

  init(_ content: Content, at position: SourcePosition?) {
    self.content = content
    self.position = position
  }

  /// The value in the words of an error message.
  var shown: String {
    switch content {
    case .text(let text): YAMLText.scalar(text)
    case .null: "nothing"
    case .list(let items): items.isEmpty ? "an empty list" : "a list"
    case .mapping: "a mapping"
    }
  }
}
