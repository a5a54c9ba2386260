import Bytes

/// What two paths of one folder have in common.
struct FileID: Hashable, Sendable {
  var device: UInt64
  var inode: UInt64

  init(_ status: FileStatus) {
    device = status.device
    inode = status.inode
  }
}

/// What one folder holds, as far as it tells without a look at other folders.
struct FolderListing: Sendable {
  enum Entry: Sendable {
    case file(FileStatus)
    case folder
    case link
    /// A socket, a device and the like.
    case other
    /// A file that nobody looked at.
    case unwanted
    case unreadable(FileError)
  }

  var id: FileID
  /// By name in byte order.
  var entries: [(name: [UInt8], entry: Entry)]

  /// Lists a folder.
  ///
  /// `isWanted`: Whether to look at a file of a name; nil to look at all. Hidden ones are always looked at.
  ///
  /// - Complexity: one status call a file, none with a path walked again.
  init(of path: Path, wanting isWanted: (([UInt8]) -> Bool)? = nil) throws(FileError) {
    let open = try OpenFolder(path)
    id = FileID(try open.status())
    entries = []
    for found in try open.entries().sorted(by: { $0.name.span.compare(to: $1.name.span) < 0 }) {
      // Status calls of a large folder take minutes on some networks; what is missing is not missed
      // by a run that is to stop.
      if StopSignal.number != nil { return }
      let isLeftOut =
        found.kind == .file && found.name.first != ASCII.dot && isWanted?(found.name) == false
      entries.append((found.name, isLeftOut ? .unwanted : FolderListing.entry(found, in: open)))
    }
  }

  private static func entry(
    _ found: OpenFolder.Entry, in folder: borrowing OpenFolder
  ) -> Entry {
    switch found.kind {
    case .folder?: return .folder
    case .link?: return .link
    case .other?: return .other
    case .file?, nil: break
    }
    do throws(FileError) {
      let status = try folder.status(of: found.name, followLinks: false)
      switch status.kind {
      case .file: return .file(status)
      case .folder: return .folder
      case .link: return .link
      case .other: return .other
      }
    } catch {
      return .unreadable(error)
    }
  }
}
