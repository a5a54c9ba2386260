import Bytes

/// Something that is found under the names of logs and is none.
public struct ForeignContent: Sendable, Equatable {
  /// What it is, for a sentence.
  public let name: String
  /// What to do about it.
  public let advice: String
  private let offset: Int
  private let magic: [UInt8]

  private init(
    _ name: String, _ magic: [UInt8], at offset: Int = 0,
    advice: String = "expected JSON, as it is or as gzip"
  ) {
    self.name = name
    self.magic = magic
    self.offset = offset
    self.advice = advice
  }

  private init(
    _ name: String, _ magic: String, at offset: Int = 0,
    advice: String = "expected JSON, as it is or as gzip"
  ) {
    self.init(name, Array(magic.utf8), at: offset, advice: advice)
  }

  func begins(_ bytes: Span<UInt8>) -> Bool {
    offset + magic.count <= bytes.count
      && bytes.extracting(offset..<(offset + magic.count)).isEqual(to: magic.span)
  }

  /// Gzip data in what came out of gzip data: Amazon Data Firehose compresses what CloudWatch Logs has
  /// compressed before.
  static let gzip = ForeignContent(
    "gzip inside gzip", [0x1F, 0x8B], advice: "decompress it once")

  /// All that is known, by the bytes that it begins with as its specification or file(1) has them; the
  /// first that fits decides.
  static let all = [
    gzip,
    ForeignContent("a zip archive", "PK\u{3}\u{4}"),
    ForeignContent("a zip archive", "PK\u{5}\u{6}"),
    ForeignContent("zstd data", [0x28, 0xB5, 0x2F, 0xFD]),
    ForeignContent("bzip2 data", "BZh"),
    ForeignContent("xz data", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
    ForeignContent("a 7z archive", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
    ForeignContent("LZ4 data", [0x04, 0x22, 0x4D, 0x18]),
    ForeignContent("Snappy data", [0xFF, 0x06, 0x00, 0x00, 0x73, 0x4E, 0x61, 0x50, 0x70, 0x59]),
    ForeignContent("data of compress(1)", [0x1F, 0x9D]),
    ForeignContent("a tar archive", "ustar", at: 257),
    ForeignContent("a Parquet file", "PAR1"),
    ForeignContent("an ORC file", "ORC"),
    ForeignContent("an Avro file", "Obj\u{1}"),
    ForeignContent("an SQLite database", "SQLite format 3\0"),
    ForeignContent("a PDF document", "%PDF-"),
    utf16([0xFF, 0xFE]), utf16([0xFE, 0xFF]), utf16("{\0"), utf16("\0{"), utf16("[\0"),
    utf16("\0["),
    ForeignContent("XML", "<?xml"),
    ForeignContent("HTML", "<!DOCTYPE"),
    ForeignContent("HTML", "<!doctype"),
    ForeignContent("HTML", "<html"),
    ForeignContent("XML or HTML", "<"),
    ForeignContent(
      "a pointer of Git LFS", "version https://git-lfs", advice: "fetch the file itself"),
  ]

  private static func utf16(_ magic: [UInt8]) -> ForeignContent {
    ForeignContent("UTF-16 text", magic, advice: "save it as UTF-8")
  }

  private static func utf16(_ magic: String) -> ForeignContent { utf16(Array(magic.utf8)) }
}
