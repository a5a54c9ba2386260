public import Bytes

/// Finds staged files that the dataset has already, byte for byte.
///
/// Those stay as they are, so that whoever copies a dataset onwards moves only what has changed.
public final class PresentParts {
  private let layout: DatasetLayout
  private let stream: StoredStream

  public init(_ layout: DatasetLayout) throws(GzipError) {
    self.layout = layout
    stream = try StoredStream()
  }

  /// The names of the staged parts that are in the partition's folder.
  ///
  /// - Parameters:
  ///   - folder: Relative to the dataset.
  ///   - new: Its staged files.
  ///   - old: The files that the manifest says it has; nil to believe nothing but their bytes.
  /// - Returns: The names, of all parts or of some.
  /// - Throws: `Stopped`.
  /// - Complexity: O(bytes of the files that have the right length) without `old`.
  public func names(
    in folder: Path, of new: StagedParts, old: [OutputPart]?
  ) throws -> Set<String> {
    var names: Set<String> = []
    for part in new.parts {
      let isPresent = try old?.contains(part) ?? isOnDisk(part, in: layout.root.appending(folder))
      if isPresent { names.insert(part.name) }
    }
    return names
  }

  private func isOnDisk(_ part: OutputPart, in folder: Path) throws -> Bool {
    let path = folder.appending(part.name)
    guard let status = try? FileSystem.status(path, followLinks: false), status.kind == .file,
      status.byteCount == part.byteCount
    else { return false }
    do {
      try stream.open(StoredSegment.File(path: path, part: part))
      try stream.readToEnd()
    } catch let error as Stopped {
      throw error
    } catch {
      // What cannot be read is replaced.
      return false
    }
    return stream.hash == part.hash
  }
}
