#if XLSX
  import CXlsxWriter
  import Glibc
  import Synchronization

  /// The temporary files of one workbook, and what went wrong with them.
  ///
  /// libxlsxwriter does not look whether its temporary files could be written, and cannot be stopped.
  /// So it is given streams of ours: a failure is kept for whoever makes the workbook, and from then
  /// on, or once a signal asks to stop, it gets the answers of a disk that takes everything and of
  /// empty files, which lets it end at once.
  final class WorkbookStreams: Sendable {
    /// The name that a file has for a moment.
    let place: Path
    private let state = Mutex(State())

    private struct State {
      var error: FileError?
      var count = 0
      var byteCount = 0
    }

    init(_ place: Path) {
      self.place = place
    }

    /// The first failure.
    var error: FileError? { state.withLock { $0.error } }

    /// How many streams there were.
    var count: Int { state.withLock { $0.count } }

    /// How many bytes went into all streams, without what they still hold back.
    var byteCount: Int { state.withLock { $0.byteCount } }

    fileprivate var isOver: Bool { error != nil || StopSignal.number != nil }

    fileprivate func addStream() { state.withLock { $0.count += 1 } }

    fileprivate func add(byteCount: Int) { state.withLock { $0.byteCount += byteCount } }

    func fail(_ error: FileError) {
      state.withLock { if $0.error == nil { $0.error = error } }
    }

    // MARK: Finding the workbook that a stream is for

    private static let open = Mutex<[Path: WorkbookStreams]>([:])

    /// From now on the library's streams for the folder called `place` are of this workbook.
    func register() { WorkbookStreams.open.withLock { $0[place] = self } }

    func unregister() { WorkbookStreams.open.withLock { $0[place] = nil } }

    fileprivate static func of(_ place: Path) -> WorkbookStreams? { open.withLock { $0[place] } }
  }

  /// What libxlsxwriter calls for each temporary file, "so it can be over-ridden with a user defined
  /// version" (utility.c): the dynamic linker takes this one before the library's own.
  ///
  /// - Parameter folder: The `tmpdir` of the workbook's options.
  /// - Returns: An empty stream to be written, rewound and read; nil without memory.
  @_cdecl("lxw_tmpfile")
  public func openWorkbookStream(_ folder: UnsafePointer<CChar>?) -> UnsafeMutableRawPointer? {
    guard let folder = unsafe folder else { return nil }
    // SAFETY: the library gives a C string, which is copied.
    let name = unsafe UnsafeBufferPointer(start: folder, count: strlen(folder))
    let place = unsafe Path(bytes: name.map { UInt8(bitPattern: $0) })
    guard let streams = WorkbookStreams.of(place) else { return nil }
    streams.addStream()
    let cookie = unsafe Unmanaged.passRetained(WorkbookStream(streams)).toOpaque()
    let opened = unsafe trailmerge_open_stream(cookie, "w+", WorkbookStream.calls)
    guard let stream = unsafe opened else {
      unsafe Unmanaged<WorkbookStream>.fromOpaque(cookie).release()
      return nil
    }
    unsafe setvbuf(stream, nil, _IOFBF, WorkbookStream.bufferSize)
    return UnsafeMutableRawPointer(stream)
  }

  /// One temporary file: in memory while it is small, then a file without a name.
  private final class WorkbookStream {
    static let bufferSize = 64 << 10
    /// Most files of a workbook are small, and so are most workbooks.
    private static let memoryLimit = 256 << 10

    private let streams: WorkbookStreams
    private var memory = ByteBuffer()
    private var file: Box<OpenFile>?
    private var position = 0
    private var byteCount = 0

    init(_ streams: WorkbookStreams) {
      self.streams = streams
    }

    /// Appends bytes, wherever the stream is: the library writes a file from its beginning to its end.
    func write(_ bytes: Span<UInt8>) {
      if streams.isOver { return }
      do throws(FileError) {
        if file == nil, memory.count + bytes.count <= WorkbookStream.memoryLimit {
          memory.append(bytes)
        } else {
          try kept().value.write(bytes, at: byteCount)
        }
      } catch {
        streams.fail(error)
      }
      byteCount += bytes.count
      position = byteCount
      streams.add(byteCount: bytes.count)
    }

    /// The file, made with what was in memory.
    private func kept() throws(FileError) -> Box<OpenFile> {
      if let file { return file }
      let made = Box(try OpenFile.nameless(streams.place))
      try memory.withBytes { (bytes) throws(FileError) in try made.value.write(bytes, at: 0) }
      memory = ByteBuffer()
      file = made
      return made
    }

    /// Appends up to `count` bytes; none at the end.
    func read(_ count: Int, into buffer: inout ByteBuffer) {
      if streams.isOver { return }
      let end = min(position + count, byteCount)
      do throws(FileError) {
        if let file {
          guard try file.value.read(end - position, at: position, into: &buffer) == end - position
          else { throw .cutOff(streams.place) }
        } else {
          memory.withBytes { buffer.append($0.extracting(position..<end)) }
        }
      } catch {
        streams.fail(error)
      }
      position = end
    }

    /// Moves to a place in the file.
    ///
    /// - Returns: Where it is now.
    func seek(_ offset: Int, from origin: Int32) -> Int {
      let base =
        switch origin {
        case SEEK_SET: 0
        case SEEK_CUR: position
        default: byteCount
        }
      position = min(max(base + offset, 0), byteCount)
      return position
    }

    /// The same as the C library calls it.
    ///
    /// `write` says that all is written, whatever happened: see `WorkbookStreams`.
    static var calls: trailmerge_stream_calls {
      unsafe trailmerge_stream_calls(
        read: { cookie, room, count in
          guard let stream = unsafe WorkbookStream.of(cookie), let room = unsafe room else {
            return 0
          }
          var buffer = ByteBuffer(capacity: count)
          stream.read(count, into: &buffer)
          let read = buffer.count
          // SAFETY: the caller has room for `count` bytes, and no more were read.
          unsafe buffer.bytes.withUnsafeBytes { bytes in
            unsafe UnsafeMutableRawBufferPointer(start: room, count: count).copyMemory(from: bytes)
          }
          return read
        },
        write: { cookie, bytes, count in
          guard let stream = unsafe WorkbookStream.of(cookie), let bytes = unsafe bytes else {
            return 0
          }
          // SAFETY: the caller lends `count` bytes for the call.
          let raw = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
          stream.write(unsafe Span(_unsafeBytes: raw))
          return count
        },
        seek: { cookie, offset, origin in
          guard let stream = unsafe WorkbookStream.of(cookie), let offset = unsafe offset else {
            return -1
          }
          unsafe offset.pointee = stream.seek(offset.pointee, from: origin)
          return 0
        },
        close: { cookie in
          // SAFETY: the stream was retained for the cookie, which is used no more.
          if let cookie = unsafe cookie {
            unsafe Unmanaged<WorkbookStream>.fromOpaque(cookie).release()
          }
          return 0
        })
    }

    private static func of(_ cookie: UnsafeMutableRawPointer?) -> WorkbookStream? {
      // SAFETY: the cookie is the stream that `openWorkbookStream` has retained.
      unsafe cookie.map { unsafe Unmanaged<WorkbookStream>.fromOpaque($0).takeUnretainedValue() }
    }
  }
#endif
