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
    let isStrict = path.fileClass == .cloudTrail
    let container = try Self.inflate(stored, manyMembers: !isStrict)
    let bom: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text =
      container.text.starts(with: bom) ? Array(container.text.dropFirst(3)) : container.text
    let isBlank = text.allSatisfy(OracleJSONParser.isWhitespace)
    if path.fileClass == .unnamed, isBlank ? !container.isDamaged : !Self.beginsLikeLog(text) {
      outcome = .skipped("other file type")
      return
    }
    if container.isDamaged { throw Failed(reason: .damagedGzip) }
    if isBlank { throw Failed(reason: .empty) }
    let documents: [(json: OracleJSON, isMessage: Bool)]
    do throws(OracleJSON.SyntaxError) {
      documents = isStrict ? [(try OracleJSON(text), false)] : try OracleExport.documents(text)
    } catch {
      if path.fileClass == .unnamed, !Self.isDamagedLog(text, upTo: error.offset) {
        outcome = .skipped("other file type")
        return
      }
      throw Failed(reason: .notJSON)
    }
    var hasRecordsArray = false
    for (document, isMessage) in documents {
      if isMessage {
        take([0], of: document)
        continue
      }
      let keys = isStrict ? ["Records"] : ["Records", "Events", "logEvents"]
      // What has an eventID or an eventTime before the array is a record that has an array.
      let first = ["eventID", "eventTime"].flatMap { document.values(of: $0, in: 0) }.min() ?? .max
      let arrays = keys.flatMap { document.values(of: $0, in: 0) }.filter { isStrict || $0 < first }
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
      if Self.isBrokenRecord(element) { return true }
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
      outcome = .read(records: elements.count, hasTrailingData: container.hasTrailingData)
    }
  }

  /// Whether a text can be a log by its first bytes.
  private static func beginsLikeLog(_ text: [UInt8]) -> Bool {
    let rest = Array(text.drop(while: OracleJSONParser.isWhitespace))
    if rest.first == UInt8(ascii: "{") || rest.first == UInt8(ascii: "[") { return true }
    guard let message = OracleExport.message(rest, at: 0) else { return false }
    return message < rest.count && rest[message] == UInt8(ascii: "{")
  }

  /// Whether text that is not JSON from `offset` on was a log: what is cut off might be one, and so
  /// might what has the members of records.
  private static func isDamagedLog(_ text: [UInt8], upTo offset: Int) -> Bool {
    let before = String(decoding: text[..<offset], as: UTF8.self)
    return offset == text.count
      || [#""eventID""#, #""eventTime""#, #""Records""#].contains { before.contains($0) }
  }

  /// Whether a message that is no object has the keys of a record: it is a JSON string then.
  private static func isBrokenRecord(_ element: OracleElement) -> Bool {
    let node = element.json.nodes[element.node]
    guard node.kind == .string else { return false }
    let text = String(decoding: element.json.compact[node.range], as: UTF8.self)
    return text.hasPrefix("\"{")
      && [#"\"eventID\""#, #"\"eventTime\""#, #"\"eventVersion\""#].contains {
        text.contains($0)
      }
  }

  private mutating func take(_ nodes: [Int], of document: OracleJSON) {
    elements += nodes.map { OracleElement(json: document, node: $0) }
  }

  /// What is in a file, and whether anything is wrong with it.
  private struct Container {
    var text: [UInt8]
    var hasTrailingData = false
    var isDamaged = false
  }

  /// Inflates the first member, or all members one after the other, up to any damage.
  private static func inflate(
    _ stored: [UInt8], manyMembers: Bool
  ) throws(Failed) -> Container {
    let magic: [UInt8] = [0x1F, 0x8B]
    guard stored.starts(with: magic) else { return Container(text: stored) }
    var output = ByteBuffer()
    var position = 0
    do throws(GzipError) {
      repeat {
        var inflater = try GzipInflater(stopsAfterMember: true)
        var pause = GzipInflater.Pause.roomFull
        while pause == .roomFull {
          pause = try inflater.inflate(
            stored.span, at: &position, into: &output, room: 1 << 20, isWhole: true)
        }
        if pause == .inputEnded { throw .truncated }
      } while manyMembers && stored[position...].starts(with: magic)
    } catch {
      return Container(text: output.bytes.copied(), isDamaged: true)
    }
    let rest = stored[position...]
    let hasTrailingData = manyMembers ? rest.contains { $0 != 0 } : !rest.isEmpty
    return Container(text: output.bytes.copied(), hasTrailingData: hasTrailingData)
  }
}
