import Foundation
import TestSupport
import Testing

/// A dataset with every kind of output.
func makeDataset(in folder: TemporaryFolder) throws {
  _ = try trailmerge(
    "sample", "in", "--events", "300", "--days", "2", "--no-digests", "--hostile", in: folder.url)
  _ = try folder.write(
    """
    inputs: [in]
    dataset: it's here
    outputs:
      - { format: ndjson }
      - { format: csv, partitionBy: [dt] }
      - format: csv
        name: small
        compression: gzip
        profile: excel
        columns: [eventTime, actor, "awsRegion as region", "\\"it's\\" as it's", otherFields]
      - { format: ndjson, name: flat, partitionBy: [], compression: gzip }
    """, to: "job.yaml")
  let job = folder.url.appending(path: "job.yaml").path
  #expect(try runJob(job, into: folder.url.appending(path: "it's here").path).status == 0)
}

/// Makes a dataset `out` in each of some folders, with one record whose eventID is the folder's name.
func makeNeighbours(_ names: [String], in folder: TemporaryFolder) throws {
  for name in names {
    let place = folder.url.appending(path: name)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    _ = try folder.write(
      """
      {"Records":[{"eventID":"\(name)","eventTime":"2026-11-19T10:00:00Z"}]}
      """, to: "\(name)/in.json")
    _ = try folder.write(
      """
      inputs: [in.json]
      dataset: out
      outputs: [{ format: ndjson }, { format: ndjson, name: flat, partitionBy: [] }]
      """, to: "\(name)/job.yaml")
    let job = place.appending(path: "job.yaml").path
    #expect(try runJob(job, into: place.appending(path: "out").path).status == 0)
  }
}

/// Runs Python's DuckDB; nil where there is none.
func duckDB(_ script: String, in folder: URL) throws -> String? {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = ["python3", "-c", script]
  process.currentDirectoryURL = folder
  let output = Pipe()
  process.standardOutput = output
  process.standardError = FileHandle.nullDevice
  try process.run()
  let data = try output.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
}
