import Bytes
import Dataset
import Foundation
import JobRunner
import TestSupport
import Testing
import Verification

/// What is no file in the place of a file: reading a device or a pipe need not end.
@Suite("A link to a device or a pipe, in the place of a file,")
struct NoFileTests {
  @Test(
    "is damage that is named, and the run ends with 4",
    arguments: [
      "manifest.json", "journal.ndjson", "ledger/", "partitions/", "index/", "identities/",
    ],
    [false, true])
  func inPlaceOfFile(_ file: String, isPipe: Bool) throws {
    let dataset = try SampleDataset()
    let path =
      file.hasPrefix("journal")
      ? "_trailmerge/journal.ndjson" : try dataset.file("_trailmerge/" + file)
    try dataset.remove(path)
    let place = dataset.path + "/" + path
    if isPipe {
      try Process.run(URL(filePath: "/usr/bin/mkfifo"), arguments: [place]).waitUntilExit()
    } else {
      try FileManager.default.createSymbolicLink(
        atPath: place, withDestinationPath: "/dev/zero")
    }
    do {
      let report = try dataset.verified()
      #expect(report.problems.contains { $0.path == Path(path) })
    } catch let error as DatasetError {
      #expect(error.description.contains(path) && error.damage != nil)
    }
    do {
      _ = try dataset.run()
    } catch {
      #expect(ExitStatus(error) == .integrity)
    }
    _ = try? dataset.verified(repairing: true)
  }
}
