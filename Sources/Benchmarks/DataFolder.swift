import Bytes
import Foundation

/// Where corpora are kept between runs, and where jobs write meanwhile.
struct DataFolder {
  let path: Path

  /// Uses `folder`, or one of our own below the system's folder for temporary files.
  init(_ folder: String?) throws {
    let wanted = folder ?? NSTemporaryDirectory() + "trailmerge-benchmarks"
    try FileSystem.createFolders(Path(wanted))
    path = try FileSystem.resolved(Path(wanted))
  }

  /// A name for a dataset that is thrown away after its run.
  var scratch: Path { path.appending("scratch-\(ProcessID.current)") }
}
