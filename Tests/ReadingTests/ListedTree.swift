import Bytes
import CloudTrail
import Listing
import Reading
import Segments

/// All files of a folder that may be read, in the order of their paths.
struct ListedTree {
  private(set) var groups: [FileGroup] = []
  let discovery: Discovery
  let sources = SourceTable()

  /// `folder`: The only input.
  init(_ folder: String, families: Set<Family> = [.events]) throws {
    let root = InputRoot(path: try FileSystem.resolved(Path(folder)), source: "")
    try self.init(FolderSource([root]), families: families)
  }

  init(_ source: some InputSource, families: Set<Family> = [.events]) throws {
    var groups: [FileGroup] = []
    discovery = try discover(in: source, families: families, sources: sources) {
      groups.append($0)
    }
    self.groups = groups
  }

  /// Passes each file with its group.
  func forEachFile(_ body: (FileGroup.File, FileGroup) throws -> Void) rethrows {
    for group in groups {
      for file in group.files { try body(file, group) }
    }
  }

  /// What reports call the files.
  var paths: [String] {
    groups.flatMap { group in group.files.map { group.source(of: $0).description } }
  }
}
