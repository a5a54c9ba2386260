import Bytes
import CloudTrail

/// The report of a run that is about to commit, kept until the run has said itself how it went.
///
/// A run that dies in its commit, or just after it, has no time to report. The next run ends the commit, has
/// nothing left to read, and would be silent about files that failed. So it gives this report, too.
public struct PendingReport: Sendable {
  /// When the run began, in seconds since 1970.
  private let begun: Int64
  /// What the run reports.
  public let run: PastRun
  /// The file.
  private let text: [UInt8]

  /// Reads the report of a run that has died, once its commit is ended.
  ///
  /// Nil if there is none, or if its commit is not the last one of the dataset.
  ///
  /// - Parameter layout: The dataset.
  /// - Throws: `FileError`.
  public init?(_ layout: DatasetLayout) throws {
    guard try FileSystem.isThere(layout[.pendingReport]) else { return nil }
    let text = try FileSystem.contents(of: layout[.pendingReport])
    guard let object = try? JSONObject(text.span), let root = object.sha256("root"),
      let begun = object.integer("begun"), let report = object.raw("report"),
      let run = try? PastRun(json: report), try FileSystem.isThere(layout.manifest)
    else { return nil }
    let manifest = try layout.rootBytes()
    guard SHA256Digest(of: manifest.span) == root else { return nil }
    (self.begun, self.run, self.text) = (Int64(begun), run, text)
  }

  /// Puts it among the reports of the dataset.
  ///
  /// - Parameter layout: The dataset.
  /// - Throws: `FileError`.
  public func store(in layout: DatasetLayout) throws {
    try RunHistory.add(run.json, to: layout, begunAt: begun)
  }

  /// Keeps the report of a run, before its journal is written.
  ///
  /// - Parameters:
  ///   - report: As it will be once the commit is done.
  ///   - manifest: The root that the commit puts in place.
  ///   - layout: The dataset.
  ///   - time: When the run began, in seconds since 1970.
  /// - Throws: `FileError`.
  public static func write(
    _ report: RunReport, of manifest: Manifest, to layout: DatasetLayout, begunAt time: Int64
  ) throws {
    var object = JSONObjectWriter()
    let (root, json) = (manifest.json(), report.json())
    object.add("root", SHA256Digest(of: root.span).hex)
    object.add("begun", Int(time))
    object.add("report", raw: json.span)
    let text = object.finish()
    // The commit waits for the disk before it writes its journal.
    try FileSystem.replaceContents(of: layout[.pendingReport], with: text.span)
  }

  /// Puts it back, after a commit that did not begin.
  ///
  /// - Parameter layout: The dataset.
  /// - Throws: `FileError`.
  public func restore(in layout: DatasetLayout) throws {
    try FileSystem.replaceContents(of: layout[.pendingReport], with: text.span)
  }

  /// Removes it, once the run has reported itself.
  ///
  /// - Parameter layout: The dataset.
  /// - Throws: `FileError`.
  public static func remove(_ layout: DatasetLayout) throws {
    try FileSystem.removeFile(layout[.pendingReport])
  }
}
