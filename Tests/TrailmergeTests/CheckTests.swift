import Foundation
import Testing

struct CheckTests {
  @Test(
    "the job files of the repository are right, and what is printed is a job file that says the same",
    arguments: ["demo", "damaged", "nightly", "spreadsheet", "backfill"])
  func repositoryJobs(name: String) throws {
    let printed = try trailmerge("check", "Jobs/\(name).yaml")
    #expect(printed.status == 0)
    #expect(printed.errors.isEmpty)
    // Comments say what the store costs where no output is it.
    let hasStore = name != "spreadsheet" && name != "backfill"
    #expect(printed.output.hasPrefix(hasStore ? "name: \(name)\n" : "# No output has every record"))
    #expect(printed.output.contains("name: \(name)\n"))
    #expect(printed.output.contains("dataset: \(repository.path)/Output/\(name)\n"))

    let folder = try TemporaryFolder()
    let copy = try folder.write(printed.output, to: "copy.yaml")
    #expect(try trailmerge("check", copy).output == printed.output)
  }

  @Test("environment variables choose the folders of the repository's jobs")
  func environment() throws {
    let result = try trailmerge(
      "check", "Jobs/nightly.yaml",
      environment: ["TRAILMERGE_INPUT": "/mirror", "TRAILMERGE_OUTPUT": "/srv"])
    #expect(result.output.contains("- path: /mirror\n"))
    #expect(result.output.contains("dataset: /srv/nightly\n"))
  }

  @Test("several jobs are printed as several documents")
  func severalJobs() throws {
    let result = try trailmerge("check", "Jobs/demo.yaml", "Jobs/nightly.yaml")
    #expect(result.output.components(separatedBy: "---\n").count == 2)
  }

  @Test("nothing is written")
  func touchesNothing() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("inputs: [in]\ndataset: out\n", to: "job.yaml")
    let result = try trailmerge("check", "job.yaml", in: folder.url)
    #expect(result.status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["job.yaml"])
  }

  @Test("--keys explains every key")
  func keys() throws {
    let result = try trailmerge("check", "--keys")
    #expect(result.status == 0)
    #expect(result.output.contains("select.from: First event time (UTC)\n"))
  }
}
