import Bytes

/// How to tell files that are as the last commit of their dataset left them, without reading them.
///
/// A commit renames every file that it puts in place, the manifest last, and a rename is a change of status
/// (`ctime`). No program can set that time: it is the file system's own, and a later write, rename, link or
/// change of permissions makes it later. So a file whose last change is within the commit was not
/// touched since, if the manifest is still the very file that the commit put there, by its inode and its own
/// last change. A copy of the dataset has another manifest, and nothing in it is believed; nor is
/// a file of an earlier commit, or one that has got another link since.
///
/// What is not found so, and `verify` finds: bytes that a disk gives otherwise than they were written; a write
/// after the clock was set back by just as much as brings it into the commit, which takes milliseconds; one through
/// a mapping on tmpfs, which leaves no time; and one by another machine on a network file system, for the
/// seconds that it takes to show. Whoever can write the note can write the manifest, too.
public struct LastCommit: Equatable, Sendable {
  private let device: UInt64
  /// Of the manifest.
  private let inode: UInt64
  /// When the journal was there, by the clock of the file system, in nanoseconds since 1970.
  private let began: Int64
  /// When the manifest had its name.
  private let ended: Int64

  private init(_ manifest: FileStatus, began: Int64) {
    (device, inode, ended) = (manifest.device, manifest.inode, manifest.changed)
    self.began = began
  }

  /// Reads what the last commit noted; nil if the manifest is none that a commit is known to have put there.
  public init?(_ layout: DatasetLayout) {
    guard let note = try? FileSystem.contents(of: layout[.lastCommit], limit: 1 << 10),
      let object = try? JSONObject(note.span), let began = object.integer("began"),
      let manifest = try? FileSystem.status(layout.manifest, followLinks: false)
    else { return nil }
    self.init(manifest, began: Int64(began))
    if json != note { return nil }
  }

  private var json: [UInt8] {
    var object = JSONObjectWriter()
    object.add("device", Int(bitPattern: UInt(device)))
    object.add("inode", Int(bitPattern: UInt(inode)))
    object.add("began", Int(began))
    object.add("ended", Int(ended))
    return object.finish() + [ASCII.lineFeed]
  }

  /// Whether a file is known to be as the commit left it.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - byteCount: How long the commit left it.
  /// - Returns: False also where that cannot be told.
  /// - Complexity: One status call.
  func left(_ path: Path, byteCount: Int) -> Bool {
    guard let status = try? FileSystem.status(path, followLinks: false) else { return false }
    return status.kind == .file && status.device == device && status.byteCount == byteCount
      && (began...ended).contains(status.changed)
  }

  /// Notes a commit that is over; without a note its files are read, so that failing to is no failure.
  ///
  /// Clocks of file systems stand still for some milliseconds at a time. The note is written later than
  /// the manifest by that clock, and so is all that happens after it.
  ///
  /// - Parameters:
  ///   - layout: The dataset.
  ///   - began: When the journal was there, by the clock of the file system.
  package static func note(_ layout: DatasetLayout, began: Int64) {
    guard let manifest = try? FileSystem.status(layout.manifest, followLinks: false),
      manifest.kind == .file, began <= manifest.changed
    else { return }
    let path = layout[.lastCommit]
    let commit = LastCommit(manifest, began: began)
    for _ in 0..<LastCommit.mostMilliseconds where Clock.fileStamp <= commit.ended {
      Clock.sleep(milliseconds: 1)
    }
    do {
      try FileSystem.replaceContents(of: path, with: commit.json.span)
      // The clock of another machine may be ahead.
      if try FileSystem.status(path).changed <= commit.ended { try FileSystem.removeFile(path) }
    } catch {}
  }

  /// How long it waits for the next stamp.
  private static let mostMilliseconds = 20
}
