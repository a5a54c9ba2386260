#if XLSX
  import Bytes
  import CloudTrail

  /// Turns records into the rows of workbooks.
  ///
  /// A workbook is written beside its place, and copied there when it is whole.
  final class XLSXEncoder: RecordEncoder {
    private var rows: XLSXRows
    private var sheet = ""
    private var path: Path = ""
    private var finished: Box<OpenFile>?

    /// How much of a finished workbook is copied at once.
    private static let pieceSize = 256 << 10

    init(columns: [Column]) {
      rows = XLSXRows(columns: columns)
    }

    var keptByteCount: Int { rows.byteCount }

    func beginPartition(_ folder: Path) { sheet = XLSXSheetName.name(of: folder) }

    func begin(to output: inout ByteBuffer, scratch: Path) throws {
      (path, finished) = (scratch, nil)
      try rows.begin(at: scratch, sheet: sheet)
    }

    /// Appends one row.
    ///
    /// - Complexity: O(`record.count`).
    func append(
      _ record: Span<UInt8>, from origin: RecordOrigin?, to output: inout ByteBuffer
    ) throws {
      try rows.append(record, from: origin)
    }

    func finish(to output: inout ByteBuffer) throws -> Bool {
      if finished == nil {
        try rows.finish()
        finished = Box(try OpenFile(path))
        // The file stays while it is open.
        try FileSystem.removeFile(path)
      }
      try StopSignal.check()
      if try finished?.value.read(XLSXEncoder.pieceSize, into: &output) ?? 0 > 0 { return false }
      finished = nil
      return true
    }

    func takeAlteredFields() -> AlteredFields { rows.takeAlteredFields() }
  }
#endif
