import Bytes

/// What became of one file.
public enum OracleOutcome: Equatable, Sendable {
  public enum Failure: String, Sendable {
    case empty
    case damagedGzip
    case notJSON
    /// A CloudTrail file that is not one object with one array of `Records`.
    case wrongShape
  }

  case read(records: Int, hasTrailingData: Bool)
  case failed(Failure)
  /// By the name that the balance sheet uses.
  case skipped(String)
}

/// One element of a file, whatever it is.
struct OracleElement {
  let json: OracleJSON
  let node: Int

  var text: [UInt8] { json.text(node) }

  func string(_ key: String) -> [UInt8]? {
    json.value(of: key, in: node).flatMap { json.string($0) }
  }
}

/// Reads one file as a whole: class, container, documents, elements.
struct OracleReader {
  private(set) var elements: [OracleElement] = []
  private(set) var outcome = OracleOutcome.skipped("no record")
  let path: OraclePath

  init(_ file: TreeFile) {
    path = OraclePath(file.path)
    if case .skipped(let name) = path.fileClass {
      outcome = .skipped(name)
      return
    }
    do throws(Failed) {
      try read(file.bytes)
    } catch {
      elements = []
      outcome = .failed(error.reason)
    }
  }

  private struct Failed: Error {
    let reason: OracleOutcome.Failure
  }

  private mutating func read(_ stored: [UInt8]) throws(Failed) {
    if stored.isEmpty { throw Failed(reason: .empty) }
    let isStrict = path.fileClass == .cloudTrail
    let (inflated, hasTrailingData) = try Self.inflate(stored, manyMembers: !isStrict)
    let bom: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = inflated.starts(with: bom) ? Array(inflated.dropFirst(3)) : inflated
    if text.allSatisfy(OracleJSONParser.isWhitespace) { throw Failed(reason: .empty) }
    let documents = try Self.documents(text, many: !isStrict)
    var hasRecordsArray = false
    for document in documents {
      let keys = isStrict ? ["Records"] : ["Records", "Events", "logEvents"]
      let arrays = keys.flatMap { document.values(of: $0, in: 0) }
      if arrays.count > 1 { throw Failed(reason: .wrongShape) }
      if let array = arrays.first, document.nodes[array].kind == .array {
        hasRecordsArray = true
        take(document.elements(array), of: document)
      } else if isStrict {
        throw Failed(reason: .wrongShape)
      } else if document.nodes[0].kind == .array {
        take(document.elements(0), of: document)
      } else {
        take([0], of: document)
      }
    }
    let isRecordFile = elements.contains { element in
      guard element.json.nodes[element.node].kind == .object else { return false }
      if element.string("eventSource")?.starts(with: Array("aws:".utf8)) == true { return false }
      return ["eventID", "eventTime"].contains {
        element.json.value(of: $0, in: element.node) != nil
      }
    }
    if !isStrict, !isRecordFile, !(hasRecordsArray && elements.isEmpty) {
      elements = []
      outcome = .skipped("no record")
    } else {
      outcome = .read(records: elements.count, hasTrailingData: hasTrailingData)
    }
  }

  private mutating func take(_ nodes: [Int], of document: OracleJSON) {
    elements += nodes.map { OracleElement(json: document, node: $0) }
  }

  /// Inflates the first member, or all members one after the other.
  private static func inflate(
    _ stored: [UInt8], manyMembers: Bool
  ) throws(Failed) -> (bytes: [UInt8], hasTrailingData: Bool) {
    let magic: [UInt8] = [0x1F, 0x8B]
    guard stored.starts(with: magic) else { return (stored, false) }
    var output = ByteBuffer()
    var position = 0
    do throws(GzipError) {
      repeat {
        var inflater = try GzipInflater()
        var pause = GzipInflater.Pause.roomFull
        while pause == .roomFull {
          pause = try inflater.inflate(
            stored.span, at: &position, into: &output, room: 1 << 20, isWhole: true)
        }
        if pause == .inputEnded { throw .truncated }
      } while manyMembers && stored[position...].starts(with: magic)
    } catch {
      throw Failed(reason: .damagedGzip)
    }
    let rest = stored[position...]
    let hasTrailingData = manyMembers ? rest.contains { $0 != 0 } : !rest.isEmpty
    return (output.bytes.copied(), hasTrailingData)
  }

  private static func documents(_ text: [UInt8], many: Bool) throws(Failed) -> [OracleJSON] {
    do throws(OracleJSON.SyntaxError) {
      if !many { return [try OracleJSON(text)] }
      var documents = [try OracleJSON(text, at: 0)]
      while let end = documents.last?.end,
        text[end...].contains(where: { !OracleJSONParser.isWhitespace($0) })
      {
        documents.append(try OracleJSON(text, at: end))
      }
      return documents
    } catch {
      throw Failed(reason: .notJSON)
    }
  }
}
