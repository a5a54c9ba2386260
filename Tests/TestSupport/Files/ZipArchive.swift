import Bytes

/// The files in a ZIP archive that says all about a file before its bytes, as libxlsxwriter writes it.
public struct ZipArchive {
  public private(set) var files: [String: [UInt8]] = [:]
  /// The date and time of each file, as MS-DOS had them.
  public private(set) var times: Set<UInt32> = []

  /// - Throws: `GzipError` when a file is damaged.
  public init(_ bytes: [UInt8]) throws {
    var position = 0
    while position + 30 <= bytes.count, bytes.span.number(at: position) == 0x0403_4B50 as UInt32 {
      let head = bytes.span.extracting(position..<(position + 30))
      times.insert(head.number(at: 10))
      let name = position + 30
      let data = name + Int(head.number(at: 26, as: UInt16.self) + head.number(at: 28))
      let end = data + Int(head.number(at: 18, as: UInt32.self))
      let checks = bytes[position + 14..<position + 18] + bytes[position + 22..<position + 26]
      let path = bytes[name..<name + Int(head.number(at: 26, as: UInt16.self))]
      files[String(decoding: path, as: UTF8.self)] = try gunzipped(
        [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF] + bytes[data..<end] + checks)
      position = end
    }
  }

  /// The text of a file; empty if it is not there.
  public func text(_ name: String) -> String { String(decoding: files[name] ?? [], as: UTF8.self) }
}
