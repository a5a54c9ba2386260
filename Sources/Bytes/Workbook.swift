#if XLSX
  import CXlsxWriter
  import Glibc

  /// Writes a workbook of one sheet, row by row, by libxlsxwriter in constant-memory mode.
  ///
  /// The same calls give the same bytes: nothing in the file depends on the clock or the machine. Until
  /// `finish` all is in temporary files. One thread uses a workbook at a time; several workbooks may
  /// be written at once.
  @safe
  public struct Workbook: ~Copyable {
    private let path: Path
    private let streams: WorkbookStreams
    /// Gone when the workbook is finished.
    private var workbook: UnsafeMutablePointer<lxw_workbook>?
    private let sheet: UnsafeMutablePointer<lxw_worksheet>
    private let bold: UnsafeMutablePointer<lxw_format>
    private let seconds: UnsafeMutablePointer<lxw_format>
    private let milliseconds: UnsafeMutablePointer<lxw_format>
    private var row = 0
    private var isRowEmpty = true
    private var fieldByteCount = 0
    /// A field's text as C wants it.
    private var text = ByteBuffer()

    /// What XML adds to a field, in bytes.
    private static let fieldOverhead = 60

    private static let longestRange = "XFD1048576:XFD1048576".utf8.count

    /// 1980-01-01, the date that the library also gives the files in a workbook.
    private static let created = 315_532_800

    /// Begins a workbook.
    ///
    /// - Parameters:
    ///   - path: Where the workbook will be; nothing is there, nor at the same path with `.rows`.
    ///   - name: The sheet's name: 1 to 31 UTF-16 units without `[]:*?/\` that do not begin or end
    ///     with an apostrophe.
    /// - Throws: `FileError` when there is no room or no memory.
    public init(at path: Path, sheet name: String) throws(FileError) {
      let streams = WorkbookStreams(Path(bytes: path.bytes + Array(".rows".utf8)))
      // The library would say on standard error that it cannot make it.
      _ = try OpenFile(path, .writing)
      // SAFETY: the library copies the texts that it is given; what it makes lives as long as the
      // workbook.
      let made = unsafe path.withCString { path in
        unsafe streams.place.withCString { place in
          var options = unsafe lxw_workbook_options()
          unsafe options.constant_memory = 1
          unsafe options.tmpdir = UnsafeMutablePointer(mutating: place)
          return unsafe workbook_new_opt(path, &options)
        }
      }
      streams.register()
      guard let made = unsafe made, let sheet = unsafe workbook_add_worksheet(made, name),
        let bold = unsafe workbook_add_format(made), let seconds = unsafe workbook_add_format(made),
        let milliseconds = unsafe workbook_add_format(made), streams.count == 1
      else {
        // A library that makes its temporary files itself would lose what a full disk does not take.
        streams.unregister()
        let code = unsafe made != nil && streams.count == 0 ? ENOTSUP : ENOMEM
        throw FileError("write", path, code: code)
      }
      (self.path, self.streams) = (path, streams)
      unsafe format_set_bold(bold)
      unsafe format_set_num_format(seconds, "yyyy-mm-dd hh:mm:ss")
      unsafe format_set_num_format(milliseconds, "yyyy-mm-dd hh:mm:ss.000")
      // As texts are; else a date would touch the text after it.
      unsafe format_set_align(seconds, UInt8(LXW_ALIGN_LEFT.rawValue))
      unsafe format_set_align(milliseconds, UInt8(LXW_ALIGN_LEFT.rawValue))
      unsafe (workbook, self.sheet) = (made, sheet)
      unsafe (self.bold, self.seconds, self.milliseconds) = (bold, seconds, milliseconds)
    }

    deinit {
      streams.unregister()
      guard let workbook = unsafe workbook else { return }
      // The library closes it only in a workbook that is finished.
      if let rows = unsafe sheet.pointee.optimize_tmpfile { unsafe fclose(rows) }
      unsafe lxw_workbook_free(workbook)
    }

    /// About how many bytes of XML the sheet has so far; the more there are, the more exactly.
    public var byteCount: Int { max(fieldByteCount, streams.byteCount) }

    /// Goes on with the next row.
    ///
    /// - Throws: `FileError` when what came before could not be written.
    public mutating func endRow() throws(FileError) {
      // The library leaves out a row that nothing is known of.
      if isRowEmpty {
        let height = unsafe sheet.pointee.default_row_height
        check(unsafe worksheet_set_row(sheet, lxw_row_t(row), height, nil))
      }
      isRowEmpty = true
      row += 1
      if let error = streams.error { throw error }
    }

    /// Puts a text into a field, as text whatever it looks like; an empty one leaves it empty.
    ///
    /// - Parameters:
    ///   - text: Valid UTF-8 of at most 32,767 UTF-16 units, without what XML forbids.
    ///   - column: The column from 0; larger than that of the field before.
    ///   - isBold: Whether it is shown in bold.
    public mutating func append(
      _ text: borrowing ByteBuffer, at column: Int, isBold: Bool = false
    ) {
      if text.isEmpty { return }
      isRowEmpty = false
      fieldByteCount += text.count + Workbook.fieldOverhead
      if WorkbookRuns.isNeeded(for: text.bytes) {
        return appendRuns(of: text.bytes, at: column, isBold: isBold)
      }
      self.text.removeAll()
      self.text.append(text.bytes)
      self.text.append(0)
      put(at: column, isBold: isBold)
    }

    /// Puts `text`, which ends in NUL, into a field.
    private func put(at column: Int, isBold: Bool) {
      unsafe text.bytes.withUnsafeBytes { raw in
        // SAFETY: the library copies up to the NUL; bytes and characters have one layout.
        let start = unsafe raw.assumingMemoryBound(to: CChar.self).baseAddress
        check(
          unsafe worksheet_write_string(
            sheet, lxw_row_t(row), lxw_col_t(column), start, isBold ? bold : nil))
      }
    }

    /// Puts a text into a field as XML of our own.
    ///
    /// Only what the library calls rich text is written as it is, and its own function for that counts
    /// the XML against the limit of the text. So the field is made first, then changed.
    private mutating func appendRuns(of text: Span<UInt8>, at column: Int, isBold: Bool) {
      self.text.removeAll()
      self.text.append("-\0")
      put(at: column, isBold: isBold)
      self.text.removeAll()
      WorkbookRuns.append(text, to: &self.text)
      self.text.append(0)
      // SAFETY: the cell of the open row is there until the row ends; its text is the library's to
      // free, and so is the copy that takes its place.
      unsafe self.text.bytes.withUnsafeBytes { raw in
        let start = unsafe raw.assumingMemoryBound(to: CChar.self).baseAddress
        guard let start = unsafe start, let cell = unsafe sheet.pointee.array[column],
          let copy = unsafe strdup(start)
        else { return check(LXW_ERROR_MEMORY_MALLOC_FAILED) }
        unsafe free(cell.pointee.u.string)
        unsafe cell.pointee.u.string = unsafe copy
        unsafe cell.pointee.type = INLINE_RICH_STRING_CELL
      }
    }

    /// Puts a date into a field.
    ///
    /// - Parameters:
    ///   - days: The days since 1899-12-30, with the time of day as a fraction.
    ///   - showsMilliseconds: Whether milliseconds are shown.
    ///   - column: As for a text.
    public mutating func append(date days: Double, showsMilliseconds: Bool, at column: Int) {
      isRowEmpty = false
      fieldByteCount += Workbook.fieldOverhead
      check(
        unsafe worksheet_write_number(
          sheet, lxw_row_t(row), lxw_col_t(column), days,
          showsMilliseconds ? milliseconds : seconds))
    }

    /// Writes the workbook.
    ///
    /// The first row stays in place and has filters; no field is marked as a number that is stored as
    /// text.
    ///
    /// - Parameter widths: Of the columns, in characters.
    /// - Throws: `FileError` when it could not be written; `Stopped` when a signal asks to stop.
    /// - Complexity: O(bytes of the sheet's XML), which is read and written twice.
    public mutating func finish(widths: [Double]) throws {
      guard let workbook = unsafe workbook, row > 0, !widths.isEmpty else { return }
      let (lastRow, lastColumn) = (lxw_row_t(row - 1), lxw_col_t(widths.count - 1))
      unsafe worksheet_freeze_panes(sheet, 1, 0)
      check(unsafe worksheet_autofilter(sheet, 0, 0, lastRow, lastColumn))
      for (column, width) in widths.enumerated() {
        let column = lxw_col_t(column)
        check(unsafe worksheet_set_column(sheet, column, column, width, nil))
      }
      var range = [CChar](repeating: 0, count: Workbook.longestRange + 1)
      // SAFETY: the library writes no more characters than the buffer holds, and copies what it is given.
      unsafe range.withUnsafeMutableBufferPointer { range in
        unsafe lxw_rowcol_to_range(range.baseAddress, 0, 0, lastRow, lastColumn)
        check(
          unsafe worksheet_ignore_errors(
            sheet, UInt8(LXW_IGNORE_NUMBER_STORED_AS_TEXT.rawValue), range.baseAddress))
      }
      var properties = unsafe lxw_doc_properties()
      unsafe properties.created = Workbook.created
      check(unsafe workbook_set_properties(workbook, &properties))
      unsafe self.workbook = nil
      errno = 0
      // Its `gmtime` has one result for all threads, which all ask for the same time.
      let result = unsafe workbook_close(workbook)
      let code = errno == 0 ? EIO : errno
      try StopSignal.check()
      if let error = streams.error { throw error }
      if result != LXW_NO_ERROR { throw FileError("write", path, code: code) }
    }

    /// Notes that the library has not taken something, if so.
    private func check(_ result: lxw_error) {
      if result != LXW_NO_ERROR { streams.fail(FileError("write", path, code: EINVAL)) }
    }
  }
#endif
