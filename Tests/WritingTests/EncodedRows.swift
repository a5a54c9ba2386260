import Bytes
import CloudTrail
import Writing

/// What an encoder made of some records.
struct EncodedRows {
  /// The file, header row and all.
  let bytes: [UInt8]
  let altered: AlteredFields

  init(
    _ columns: [String], _ records: [[UInt8]], profile: CSVProfile = .plain,
    formulas: FormulaPolicy = .defuse, origin: RecordOrigin? = nil
  ) throws {
    let format = CSV(profile: profile, formulas: formulas, columns: columns)
    var encoder = try format.encoding(withProvenance: false).makeEncoder()
    var output = ByteBuffer()
    try encoder.begin(to: &output, scratch: "")
    for record in records { try encoder.append(record.span, from: origin, to: &output) }
    guard try encoder.finish(to: &output) else { throw CSVParser.Failure.unfinished }
    bytes = output.bytes.copied()
    altered = encoder.takeAlteredFields()
  }

  /// The file as text.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The fields below the header as text, after making sure that each row has as many as the header.
  func fields() throws -> [[String]] {
    let rows = try CSVParser.rows(of: bytes)
    let width = rows.first?.count ?? 0
    guard rows.allSatisfy({ $0.count == width }) else { throw CSVParser.Failure.unfinished }
    return rows.dropFirst().map { row in row.map { String(decoding: $0, as: UTF8.self) } }
  }

  /// The alterations that happened, by kind.
  var counts: [String: Int] {
    Dictionary(uniqueKeysWithValues: altered.byKind.map { ($0, $1) })
  }

  /// The one field of a record `{"v": …}` in the column `v`, as it is in the file, quotes and all.
  static func raw(
    _ json: String, _ profile: CSVProfile = .plain, _ formulas: FormulaPolicy = .defuse
  ) throws -> (field: String, counts: [String: Int]) {
    let record = Array(#"{"v":\#(json),"eventID":"e-1"}"#.utf8)
    let rows = try EncodedRows(["v", "eventID"], [record], profile: profile, formulas: formulas)
    let header = (profile == .excel ? "\u{FEFF}" : "") + "v,eventID\r\n"
    let body = rows.bytes.dropFirst(header.utf8.count).dropLast(",e-1\r\n".utf8.count)
    return (String(decoding: body, as: UTF8.self), rows.counts)
  }
}
