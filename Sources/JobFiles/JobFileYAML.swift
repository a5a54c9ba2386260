import Yams

/// YAML text as a `JobValue`; a JSON text is YAML too.
enum JobFileYAML {
  struct Failure: Error {
    var position: SourcePosition?
    var message: String
  }

  /// The most values in a document: aliases of aliases can make it as large as they like.
  private static let valueLimit = 100_000

  /// The one document of a text.
  static func parse(_ text: String) throws(Failure) -> JobValue {
    do {
      guard let node = try Yams.compose(yaml: JSONEscapes.joined(in: text)) else {
        return JobValue(.null, at: nil)
      }
      var valuesLeft = valueLimit
      return try value(of: node, &valuesLeft)
    } catch let failure as Failure {
      throw failure
    } catch let error as YamlError {
      throw failure(error)
    } catch {
      throw Failure(position: nil, message: "not YAML: \(error)")
    }
  }

  private static func value(
    of node: Node, _ valuesLeft: inout Int
  ) throws(Failure) -> JobValue {
    let position = node.mark.map(position)
    valuesLeft -= 1
    if valuesLeft < 0 {
      throw Failure(position: position, message: "expected at most \(valueLimit) values")
    }
    switch node {
    case .scalar(let scalar):
      let isNull =
        scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
      return JobValue(isNull ? .null : .text(scalar.string), at: position)
    case .sequence(let sequence):
      var list: [JobValue] = []
      for node in sequence { list.append(try value(of: node, &valuesLeft)) }
      return JobValue(.list(list), at: position)
    case .mapping(let mapping):
      var entries: [JobValue.Entry] = []
      for (key, node) in mapping {
        guard let name = key.string else {
          throw Failure(position: key.mark.map(self.position), message: "expected a key")
        }
        entries.append(
          JobValue.Entry(
            key: name, position: key.mark.map(self.position),
            value: try value(of: node, &valuesLeft)))
      }
      return JobValue(.mapping(entries), at: position)
    case .alias:
      throw Failure(position: position, message: "the anchor of this alias is missing")
    }
  }

  private static func position(_ mark: Mark) -> SourcePosition {
    SourcePosition(line: mark.line, column: mark.column)
  }

  private static func position(ofCharacter offset: Int, in text: String) -> SourcePosition {
    let lines = text.prefix(offset).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return SourcePosition(line: lines.count, column: (lines.last?.unicodeScalars.count ?? 0) + 1)
  }

  private static func failure(_ error: YamlError) -> Failure {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      Failure(position: position(mark), message: "not YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      Failure(
        position: position(context.mark),
        message: "given more than once: \(keys.joined(separator: ", "))")
    case .reader(let problem, let offset, _, let text):
      Failure(
        position: offset.map { position(ofCharacter: $0, in: text) },
        message: "not YAML: \(problem)")
    default:
      Failure(position: nil, message: "not YAML: \(error)")
    }
  }
}
