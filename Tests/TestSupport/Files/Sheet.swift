/// What the one sheet of a workbook shows.
public struct Sheet {
  /// A field with something in it.
  public struct Field: Equatable, Sendable {
    /// As in `B7`.
    public var place: String
    /// `inlineStr` for text; nil for a number.
    public var kind: String?
    /// The number of what it looks like; nil for what most fields look like.
    public var style: Int?
    /// The text, the same for every reader of XML.
    public var text: String
    /// The texts of its runs, each of which a reader may unescape.
    public var runs: [String]
  }

  /// The rows from the header on.
  public private(set) var rows: [[Field]] = []
  public let name: String
  /// What the workbook's defined names refer to, as in `'2026-11-19'!$A$1:$B$3`.
  public let definedNames: [String]
  /// The XML around the rows.
  public let frame: String

  /// - Throws: `GzipError` when the workbook is damaged.
  public init(_ workbook: [UInt8]) throws {
    let archive = try ZipArchive(workbook)
    let xml = archive.text("xl/worksheets/sheet1.xml")
    let start = xml.components("<sheetData>")
    let end = (start.last ?? "").components("</sheetData>")
    frame = (start.first ?? "") + (end.last ?? "")
    name =
      archive.text("xl/workbook.xml").components("<sheet name=\"").last?
      .components("\"").first.map(Sheet.unescaped) ?? ""
    definedNames = archive.text("xl/workbook.xml").components("</definedName>").dropLast().map {
      Sheet.unescaped($0.components(">").last ?? "")
    }
    rows = (end.first ?? "").components("<row ").dropFirst().map { row in
      row.components("<c ").dropFirst().map(Sheet.field)
    }
  }

  private static func field(_ xml: String) -> Field {
    let attributes = xml.components(">").first ?? ""
    func attribute(_ name: String) -> String? {
      let parts = (" " + attributes).components(" \(name)=\"")
      return parts.count < 2 ? nil : parts[1].components("\"").first
    }
    let tag = xml.contains("<v>") ? "v" : "t"
    let runs = xml.components("</\(tag)>").dropLast().map { run in
      unescaped(
        run.components("<\(tag)").last?.components(">").dropFirst().joined(separator: ">") ?? "")
    }
    return Field(
      place: attribute("r") ?? "", kind: attribute("t"), style: attribute("s").flatMap { Int($0) },
      text: runs.joined(), runs: runs)
  }

  private static func unescaped(_ xml: String) -> String {
    [
      ("&#13;", "\r"), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""),
      ("&amp;", "&"),
    ]
    .reduce(xml) { $0.components($1.0).joined(separator: $1.1) }
  }
}

extension String {
  /// The parts between separators, compared scalar by scalar.
  fileprivate func components(_ separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...].utf8
    while let found = String.place(of: Array(separator.utf8), in: rest) {
      parts.append(String(Substring(rest[..<found])))
      rest = rest[rest.index(found, offsetBy: separator.utf8.count)...]
    }
    return parts + [String(Substring(rest))]
  }

  private static func place(
    of bytes: [UInt8], in text: Substring.UTF8View
  ) -> Substring.UTF8View.Index? {
    text.indices.first { text[$0] == bytes[0] && text[$0...].starts(with: bytes) }
  }
}
