public import Bytes
import CloudTrail
import Listing

/// What the inputs hold.
struct FoundFiles: Sendable {
  var files = LocalFiles()
  /// Links that lead nowhere, to what is found without them, or in a circle.
  var skippedLinks: [Path] = []
  /// Folders that could not be listed, and why.
  var failures: [UnreadableFolder] = []
}

/// A folder that could not be listed, or a file that could not be looked at.
public struct UnreadableFolder: Sendable {
  public var path: Path
  public var reason: String
}

/// Lists every file of a source, without unfinished copies.
///
/// - Throws: `FileError` when an input is not there or cannot be listed; `Stopped`.
func findFiles(in source: some InputSource, _ mapping: some ParallelMapping) throws -> FoundFiles {
  var found = FoundFiles()
  try source.list(mapping) { listed in
    switch listed {
    case .files(let files): found.files.add(files)
    case .skipped(.link, let link): found.skippedLinks.append(link)
    case .skipped: break
    case .failed(let error, _):
      found.failures.append(UnreadableFolder(path: error.path, reason: error.reason))
    }
  }
  found.files.sort()
  found.skippedLinks.sort()
  found.failures.sort { $0.path < $1.path }
  return found
}
