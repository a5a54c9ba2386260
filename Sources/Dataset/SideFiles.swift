public import Bytes

/// The side files of one kind, each opened when it is first asked for.
public final class SideFiles {
  private let dataset: StoredDataset
  /// What the files' lines count for.
  private let total: WritableKeyPath<Manifest.Totals, Int>
  private let newTexts: NewTexts
  private var files: [DatasetFile: SideFile] = [:]

  /// - Parameters:
  ///   - dataset: What it holds and keeps.
  ///   - total: What the files' lines count for.
  ///   - scratch: A name for a temporary file.
  /// - Throws: `FileError` when that cannot be made.
  public init(
    _ dataset: StoredDataset, _ total: WritableKeyPath<Manifest.Totals, Int>, scratch: Path
  ) throws(FileError) {
    (self.dataset, self.total) = (dataset, total)
    newTexts = try NewTexts(scratch)
  }

  /// One of the files.
  ///
  /// - Throws: `DatasetError` when it is not as it was committed.
  public func file(_ name: DatasetFile) throws -> SideFile {
    if let known = files[name] { return known }
    let file = try SideFile(name, of: dataset, newTexts)
    files[name] = file
    return file
  }

  /// What tells the texts of the opened files apart.
  public var keys: Set<SideFile.Key> { files.values.reduce(into: []) { $0.formUnion($1.keys) } }

  /// Adds the files that change to what is to be committed.
  public func stage(in tree: inout TreeUpdate) throws {
    for (name, file) in files.sorted(by: { $0.key.path < $1.key.path }) where file.isChanged {
      tree.describe { $0.totals[keyPath: total] += file.count - file.committedCount }
      if file.count == 0 {
        tree.remove(name)
      } else {
        let staged = try tree.stagedFile()
        try tree.put(staged, try file.write(to: staged), as: name)
      }
    }
  }
}
