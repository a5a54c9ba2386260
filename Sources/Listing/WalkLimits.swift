import Bytes
import CloudTrail

/// Where the walk through the inputs does not go.
struct WalkLimits: Sendable {
  /// Where the inputs are, their links resolved.
  private let inputs: Set<Path>
  /// Where the job's dataset is, its links resolved.
  private let dataset: Path?
  /// The dataset's upper folders: by another mount they have another path.
  private let datasetFolders: [FileID: Path]

  /// - Throws: `FileError` when an input is not there.
  init(_ inputs: [InputRoot], dataset: Path?) throws {
    self.inputs = Set(try inputs.map { try FileSystem.resolved($0.path) })
    self.dataset = dataset.flatMap { try? FileSystem.resolved($0) }
    datasetFolders = self.dataset.map(WalkLimits.upperFolders) ?? [:]
  }

  private static func upperFolders(of dataset: Path) -> [FileID: Path] {
    func folders(in folder: Path) -> [Path] {
      let entries = (try? OpenFolder(folder).entries()) ?? []
      return entries.filter { $0.kind == .folder }.map { folder.appending($0.name) }
    }
    var known: [FileID: Path] = [:]
    for folder in [dataset] + folders(in: dataset) + folders(in: dataset.appending(OwnFolder.name))
    {
      if let status = try? FileSystem.status(folder) { known[FileID(status)] = folder }
    }
    return known
  }

  /// Whether a folder or file is the dataset's or the tool's own.
  ///
  /// - Parameter place: Its path, its links resolved.
  /// - Returns: Nil for what is to be read.
  func reasonToLeaveOut(_ place: Path) -> SkipReason? {
    if let dataset, place.isAt(orBelow: dataset) { return .dataset }
    return place.hasPart(OwnFolder.name) ? .ownFolder : nil
  }

  /// Whether a folder is one of the job's dataset, met by another path that no link explains.
  ///
  /// The numbers of file systems and files alone are not enough: not every file system gives each
  /// folder one of its own.
  func isOfDataset(_ listing: FolderListing) -> Bool {
    guard let path = datasetFolders[listing.id], let own = try? FolderListing(of: path) else {
      return false
    }
    return own.entries.map(\.name) == listing.entries.map(\.name)
  }

  /// Whether an input is at exactly this place.
  func isInput(_ place: Path) -> Bool { inputs.contains(place) }

  /// Whether a link leads to something that the walk does not find without it.
  ///
  /// - Parameters:
  ///   - target: Where it leads, all links resolved.
  ///   - links: The folders in which it and the links that led to it are.
  /// - Returns: False for what is never read, what is below an input, and a folder above a link.
  func isNew(_ target: Path, by links: [Path]) -> Bool {
    reasonToLeaveOut(target) == nil && !isAtOrBelowAnInput(target)
      && !links.contains { $0.isAt(orBelow: target) }
  }

  private func isAtOrBelowAnInput(_ place: Path) -> Bool {
    var folder = place
    while !inputs.contains(folder) {
      if folder == folder.parent { return false }
      folder = folder.parent
    }
    return true
  }
}
