import Bytes
import Foundation
import SampleTrails
import TestSupport
import Testing

/// Compressed outputs hold what the others do, and go on night after night.
struct GzipOutputTests {
  /// The lowest, the usual and the highest.
  private static let levels = [1, 6, 9].map { "gzip:\($0)" }

  @Test("at any level each file inflates to the uncompressed one, after two nights")
  func levels() throws {
    let folder = try TestSupport.TemporaryFolder()
    // One cell with more text than a gzip member has.
    for (night, events) in [1, 2].enumerated() {
      var options = SampleTrailOptions()
      options.seed = UInt64(night)
      options.events = 700 * events
      (options.accounts, options.regions, options.days) = (1, 1, 1)
      options.digests = false
      _ = try SampleTrail.write(options, to: folder.appending("night-\(night)"))
    }
    for compression in ["none"] + Self.levels {
      let dataset = folder.appending(compression)
      for nights in [["night-0"], ["night-0", "night-1"]] {
        let inputs = nights.map { folder.appending($0) }
        let result = try trailmerge(
          ["consolidate"] + inputs + ["-o", dataset, "--compression", compression])
        #expect(result.status == 0, "\(result.errors)")
      }
      let verified = try trailmerge("verify", dataset)
      #expect(verified.status == 0, "\(verified.errors)")
    }
    let plain = try texts(in: folder.appending("none"))
    #expect(plain.contains { $0.bytes.count > GzipDeflater.memberSize })
    for level in Self.levels {
      let difference = FileTree.firstDifference(plain, try texts(in: folder.appending(level)))
      #expect(difference == nil, "\(level)")
    }
  }

  /// The files of both outputs, inflated and by their names without compression.
  private func texts(in dataset: String) throws -> [TreeFile] {
    try ["ndjson", "csv"].flatMap { output in
      try FileTree.read(dataset + "/" + output).map { file in
        guard file.path.hasSuffix(".gz") else { return file }
        return TreeFile(
          path: String(file.path.dropLast(3)), bytes: try gunzipped(file.bytes))
      }
    }
  }
}
