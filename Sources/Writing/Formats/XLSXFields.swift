#if XLSX
  import Bytes
  import CloudTrail

  /// Puts single fields into a workbook, and counts what it altered.
  struct XLSXFields: ~Copyable {
    /// Where the eventID of the record at hand is, for the mark of cut fields.
    var eventID = FieldValue.absent

    private var workbook: Workbook?
    private var widths = XLSXWidths(0)
    /// The field's final text.
    private var cleaned = ByteBuffer()

    private var forbidden = 0
    private var invalid = 0
    private var cut = 0
    private var timesAsText = 0

    /// The bytes of the open workbook so far.
    var byteCount: Int {
      switch workbook {
      case .some(let workbook): workbook.byteCount
      case nil: 0
      }
    }

    /// Begins a workbook with the header row; one that was not finished is given up.
    mutating func begin(at path: Path, sheet: String, headers: [String]) throws {
      workbook = nil
      workbook = try Workbook(at: path, sheet: sheet)
      widths = XLSXWidths(headers.count)
      for (column, header) in headers.enumerated() {
        _ = clean(header.utf8.span)
        _ = CSVCut.cut(&cleaned, eventID: .absent, of: header.utf8.span)
        workbook?.append(cleaned, at: column, isBold: true)
        widths.note(header: cleaned, at: column)
      }
      try workbook?.endRow()
    }

    mutating func endRow() throws {
      try workbook?.endRow()
      widths.endRow()
    }

    mutating func finish() throws {
      try workbook?.finish(widths: widths.all)
      workbook = nil
    }

    /// Appends a text.
    ///
    /// It counts as altered if it `isLossy`: if unescaping has put a U+FFFD for half a surrogate pair.
    mutating func append(
      _ text: Span<UInt8>, isLossy: Bool, of record: Span<UInt8>, at column: Int
    ) {
      let changes = clean(text)
      if changes.contains(.forbidden) { forbidden += 1 }
      if changes.contains(.invalid) || isLossy { invalid += 1 }
      if CSVCut.cut(&cleaned, eventID: eventID, of: record) { cut += 1 }
      workbook?.append(cleaned, at: column)
      widths.note(cleaned, at: column)
    }

    /// Appends a text.
    mutating func append(
      _ text: borrowing ByteBuffer, isLossy: Bool = false, of record: Span<UInt8>, at column: Int
    ) {
      append(text.bytes, isLossy: isLossy, of: record, at: column)
    }

    /// Puts a text that is fit for XML into `cleaned`.
    private mutating func clean(_ text: Span<UInt8>) -> XLSXText.Changes {
      var changes = XLSXText.Changes()
      cleaned.removeAll()
      XLSXText.append(text, to: &cleaned, noting: &changes)
      return changes
    }

    /// Appends an event time as a date.
    ///
    /// - Returns: False, with a count of it, where no date is the same time: it is to be a text.
    mutating func appendTime(_ value: FieldValue, of record: Span<UInt8>, at column: Int) -> Bool {
      guard value.kind == .string, let time = EventTime(record.extracting(value.range)),
        let days = XLSXDate.days(time)
      else {
        timesAsText += 1
        return false
      }
      let showsMilliseconds = time.nanoseconds > 0
      workbook?.append(date: days, showsMilliseconds: showsMilliseconds, at: column)
      widths.noteDate(showsMilliseconds: showsMilliseconds, at: column)
      return true
    }

    /// The fields altered since this was last asked.
    mutating func takeAltered() -> AlteredFields {
      let counts = [
        ("forbiddenCharacters", forbidden), ("invalidUTF8", invalid), ("cut", cut),
        ("timesAsText", timesAsText),
      ]
      (forbidden, invalid, cut, timesAsText) = (0, 0, 0, 0)
      return AlteredFields(Dictionary(uniqueKeysWithValues: counts.filter { $1 > 0 }))
    }
  }
#endif
