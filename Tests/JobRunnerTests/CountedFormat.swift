import Bytes
import Dataset
import Writing

/// A format that asks for all that a format may: files have an end, rows depend on those before them,
/// the encoder may keep a file to itself until it is whole, and compression makes no sense.
///
/// Nothing outside this file knows it.
struct Counted: OutputFormat {
  /// Where rows wait until their file is whole.
  enum Via: String, CaseIterable {
    case memory
    case scratch
  }

  var via = Via.memory

  var name: String { "counted" }
  var fileExtension: String { "cnt" }
  static let options: [FormatOption<Counted>] = [
    FormatOption("via", \.via, decidesBytes: false, "where rows wait until their file is whole")
  ]
  var refusedKeys: [String: String] { ["compression": "its checksum is of the bytes as they are"] }
  var maximumRows: RowLimit? { RowLimit(3, "the rows that fit on a page") }
  var provenance: ProvenancePlace { .sidecar }
  var contents: FileContents {
    .counted { file in
      var bytes = ByteBuffer()
      while try file.read(into: &bytes) {}
      return CountedFile(bytes.bytes.copied())?.rows.count
    }
  }

  func encoding(withProvenance: Bool) -> RecordEncoding {
    RecordEncoding { [via] in CountedEncoder(via) }
  }

  func tableShape(withProvenance: Bool) throws -> TableShape {
    throw UnreadableFormat("its files are for tests, read the ndjson instead")
  }

  /// What a row shows of a record.
  static let shownByteCount = 300
}

/// Writes `counted`, rows of number, checksum of the records before, and record; then the end.
private final class CountedEncoder: RecordEncoder {
  private let via: Counted.Via
  private var rows = 0
  private var checksum = Checksum()
  private var shortened = 0
  private var scratch: Path = ""
  private var kept: Box<OpenFile>?
  private var isReading = false

  init(_ via: Counted.Via) {
    self.via = via
  }

  func begin(to output: inout ByteBuffer, scratch: Path) throws {
    (rows, checksum, isReading) = (0, Checksum(), false)
    self.scratch = scratch
    kept = via == .scratch ? Box(try OpenFile(scratch, .writing)) : nil
    output.append("counted\n")
  }

  func append(
    _ record: Span<UInt8>, from origin: RecordOrigin?, to output: inout ByteBuffer
  ) throws {
    rows += 1
    let shown = record.extracting(0..<min(record.count, Counted.shownByteCount))
    if shown.count < record.count { shortened += 1 }
    var row = ByteBuffer()
    row.append(utf8: "\(rows) \(checksum.value) ")
    row.append(shown)
    row.append(0x0A)
    checksum.add(shown)
    if let kept { try kept.value.write(row.bytes) } else { output.append(row.bytes) }
  }

  func finish(to output: inout ByteBuffer) throws -> Bool {
    if via == .scratch {
      if !isReading { kept = Box(try OpenFile(scratch)) }
      isReading = true
      // Pieces far smaller than a file.
      if try kept?.value.read(100, into: &output) ?? 0 > 0 { return false }
      try FileSystem.removeFile(scratch)
    }
    output.append(utf8: "end \(rows) \(checksum.value)\n")
    return true
  }

  func takeAlteredFields() -> AlteredFields {
    defer { shortened = 0 }
    return AlteredFields(shortened > 0 ? ["shortened": shortened] : [:])
  }
}

/// A file of the format, read again.
struct CountedFile {
  /// What the rows show of their records.
  var rows: [String] = []

  /// Nil if the bytes are no such file, whole and with the right numbers.
  init?(_ bytes: [UInt8]) {
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 3, lines[0] == "counted", lines[lines.count - 1].isEmpty else {
      return nil
    }
    var checksum = Checksum()
    for (number, line) in lines[1..<(lines.count - 2)].enumerated() {
      let start = "\(number + 1) \(checksum.value) "
      guard line.hasPrefix(start) else { return nil }
      rows.append(String(line.dropFirst(start.count)))
      checksum.add(rows[number].utf8.span)
    }
    guard lines[lines.count - 2] == "end \(rows.count) \(checksum.value)" else { return nil }
  }
}

/// FNV-1a of 32 bits.
private struct Checksum {
  private(set) var value: UInt32 = 0x811C_9DC5

  mutating func add(_ bytes: Span<UInt8>) {
    for position in 0..<bytes.count { value = (value ^ UInt32(bytes[position])) &* 0x0100_0193 }
  }
}
