import Bytes
import Dataset
import JobFiles
import JobRunner
import SampleTrails
import TestSupport
import Testing
import Verification

/// A small dataset with every kind of output, and what is done to it.
struct SampleDataset {
  let folder: TemporaryFolder
  let path: String
  let job: Job

  init() throws {
    folder = try TemporaryFolder()
    path = folder.appending("out")
    var options = SampleTrailOptions()
    options.events = 150
    options.days = 2
    options.conflicts = 2
    options.digests = false
    _ = try SampleTrail.write(options, to: folder.appending("in"))
    job = try Job(
      yaml: """
        inputs: [in]
        dataset: out
        outputs:
          - { format: ndjson }
          - { format: csv, partitionBy: [dt], maxRows: 40 }
          - { format: csv, name: small, compression: gzip, columns: [eventTime, otherFields] }
          - { format: ndjson, name: hours, partitionBy: [dt, hour], compression: gzip }
        """, file: folder.appending("job.yaml"),
      in: JobSurroundings(environment: [:], folder: "/", now: 0))
    _ = try run()
  }

  @discardableResult
  func run() throws -> RunReport { try JobRunner.run(job) }

  /// The first file by path whose path begins and ends so.
  func file(_ prefix: String, _ suffix: String = "") throws -> String {
    let files = try FileTree.read(path).map(\.path)
    return try #require(files.first { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) })
  }

  func change(_ file: String, _ body: (inout [UInt8]) -> Void) throws {
    var bytes = try FileSystem.contents(of: Path(path).appending(file))
    body(&bytes)
    try FileTree.write(bytes, to: file, in: path)
  }

  func remove(_ file: String) throws {
    try FileSystem.removeFile(Path(path).appending(file))
  }

  /// Makes the manifest name the files of the tree as they are, as somebody would who knows how.
  func reseal() throws {
    let layout = DatasetLayout(Path(path))
    var manifest = try Manifest(of: layout)
    for path in manifest.files.keys {
      let file = layout.root.appending(path)
      manifest.files[path] = FileSystem.exists(file) ? try FileHash(ofFileAt: file) : nil
    }
    try FileSystem.writeAtomically(manifest.json().span, to: layout.manifest)
  }

  func verified(
    repairing: Bool = false, job: JobFingerprint? = nil
  ) throws -> VerificationReport {
    try verify(Path(path), repairing: repairing, job: job, mapping: Workers(count: 2))
  }

  /// The files of the dataset but for what is about single runs, and what a repair put aside.
  func files() throws -> [TreeFile] {
    try FileTree.read(path).filter { file in
      !["runs/", "seen/", "damaged/", "lock"].contains { file.path.hasPrefix("_trailmerge/\($0)") }
    }
  }
}
