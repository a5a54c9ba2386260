public import Bytes
import CloudTrail

/// What lies below the inputs.
struct FoundFiles: Sendable {
  var files = LocalFiles()
  /// Links to places outside the inputs; they are not followed.
  var outwardLinks: [Path] = []
  /// Folders that could not be listed, and why.
  var failures: [UnreadableFolder] = []
}

/// A folder that could not be listed.
public struct UnreadableFolder: Sendable {
  public var path: Path
  public var reason: String
}

/// Lists every regular file below the inputs, without hidden ones, unfinished copies and what is in
/// the tool's own folders.
///
/// No link is followed but an input itself. What a link inside the inputs points to is found where
/// it lies, if that is inside too.
///
/// - Throws: `FileError` when an input is not there or cannot be listed; `Stopped`.
func findFiles(below inputs: [Path]) throws -> FoundFiles {
  var walk = FileWalk()
  var roots: [Path] = []
  for input in inputs { roots.append(try FileSystem.place(ofInput: input)) }
  for root in roots { try walk.visit(input: root) }
  walk.found.files.sort()
  walk.found.outwardLinks = walk.links.filter { link in
    guard let target = try? FileSystem.resolved(link) else { return false }
    return !roots.contains { target.isAt(orBelow: $0) }
  }
  return walk.found
}

private struct FileWalk {
  var found = FoundFiles()
  var links: [Path] = []
  /// Inputs may lie inside one another.
  private var seen: Set<Path> = []

  mutating func visit(input: Path) throws {
    let status = try FileSystem.status(input)
    if status.kind == .folder {
      _ = try OpenFolder(input)
      try visit(input, depth: 0)
    } else {
      guard seen.insert(input).inserted else { return }
      let folder = found.files.add(
        .init(path: input.parent, depth: 0, service: .claimed(byFolder: input.parent)))
      found.files.add(name: input.lastComponent, folder: folder)
    }
  }

  private mutating func visit(_ path: Path, depth: Int) throws {
    guard seen.insert(path).inserted else { return }
    try StopSignal.check()
    do {
      try list(path, depth: depth)
    } catch let error as FileError {
      found.failures.append(UnreadableFolder(path: path, reason: error.reason))
    }
  }

  private mutating func list(_ path: Path, depth: Int) throws {
    let open = try OpenFolder(path)
    let entries = try open.entries().filter { $0.name.first != 0x2E }
    var number: UInt32?
    for entry in entries.sorted(by: { $0.name.span.compare(to: $1.name.span) < 0 }) {
      var kind = entry.kind
      if kind == nil { kind = try open.status(of: entry.name, followLinks: false).kind }
      switch kind {
      case .other?, nil: break
      case .link?: links.append(path.appending(entry.name))
      case .folder? where Path(bytes: entry.name) == OwnFolder.name: break
      case .file? where TrailFileName(entry.name[...])?.isPartial == true: break
      case .folder?: try visit(path.appending(entry.name), depth: depth + 1)
      case .file?:
        // A file that was itself an input stands in the list already.
        if seen.contains(path.appending(entry.name)) { continue }
        let folder =
          number
          ?? found.files.add(.init(path: path, depth: depth, service: .claimed(byFolder: path)))
        number = folder
        found.files.add(name: entry.name, folder: folder)
      }
    }
  }
}
