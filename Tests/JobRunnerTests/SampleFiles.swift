import SampleTrails
import Synchronization
import TestSupport

/// Made-up trees that many tests take: each is made once, since its digests are signed one by one.
enum SampleFiles {
  private static let known = Mutex<[(options: SampleTrailOptions, files: [TreeFile])]>([])

  /// The files of a tree, by path in byte order; keys and signatures are among them.
  static func of(_ options: SampleTrailOptions) throws -> [TreeFile] {
    try known.withLock { known in
      if let tree = known.first(where: { $0.options == options }) { return tree.files }
      let files = try TemporaryFolder.with { folder in
        _ = try SampleTrail.write(options, to: folder.path)
        return try FileTree.read(folder.path)
      }
      known.append((options, files))
      return files
    }
  }
}

extension Workbench {
  /// Puts the keys and signatures of a tree into the folder `tree`; gives all of its files.
  func takeSample(_ options: SampleTrailOptions) throws -> [TreeFile] {
    let files = try SampleFiles.of(options)
    try FileTree.write(
      files.filter { ["public-keys.json", "signatures.json"].contains($0.path) },
      in: folder.appending("tree"))
    return files
  }
}
