import Foundation
import JobFiles
import JobRunner
import Testing

struct CommandLineTests {
  @Test("--version is the version alone")
  func version() throws {
    let result = try trailmerge("--version")
    #expect(result.status == 0)
    #expect(result.output == "0.1.0\n")
    #expect(result.errors.isEmpty)
  }

  @Test("--help shows every exit status", arguments: [[], ["run"], ["consolidate"]])
  func helpShowsExitStatuses(command: [String]) throws {
    let result = try trailmerge(command + ["--help"])
    for status in [0, 1, 3, 4, 5, 11, 64, 130, 143] {
      #expect(result.output.contains("\n  \(status) "), "\(status)")
    }
  }

  @Test("every key of a job file has a flag, but those that only hold other keys")
  func everyKeyHasAFlag() throws {
    let help = try trailmerge("run", "--help").output
    let without = JobKeyDescription.all.map(\.name).filter { !help.contains("[\($0)]") }
    #expect(without == ["select", "outputs", "inputs[].path", "inputs[].name", "inputs[].url"])
  }

  @Test(
    "wrong usage exits 64 and says so on standard error",
    arguments: [
      ["run"], ["check"], ["consolidate", "in"], ["consolidate", "-o", "out"], ["frobnicate"],
      ["run", "--no-such-flag", "a.yaml"], ["run", "no-such-file.yaml"], ["run", "Jobs"],
      ["check", "no-such-file.yaml"], ["run", "Jobs/demo.yaml", "--threads", "many"],
      ["run", "Jobs/demo.yaml", "--memory", "1KiB"], ["run", "Jobs/demo.yaml", "--from", "never"],
      ["run", "Jobs/demo.yaml", "--progress", "sometimes"], ["run", "-q", "-v", "Jobs/demo.yaml"],
      ["run", "Jobs/demo.yaml", "Jobs/nightly.yaml", "-o", "out"],
      ["consolidate", "in", "-o", "in/out"], ["consolidate", "in", "-o", "."],
      ["consolidate", "in", "-o", "out", "--format", "parquet"],
    ])
  func wrongUsage(arguments: [String]) throws {
    let result = try trailmerge(arguments)
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    #expect(!result.errors.isEmpty)
  }

  @Test("no job runs when one of the job files is wrong, and all errors are shown")
  func checksAllFirst() throws {
    let folder = try TemporaryFolder()
    let wrong = try folder.write("thread: 1\n", to: "wrong.yaml")
    let result = try trailmerge("run", wrong, "Jobs/demo.yaml", "no-such-file.yaml")
    #expect(result.status == 64)
    #expect(
      result.errors == """
        trailmerge: \(wrong):1:1: thread: unknown key; the nearest known one is threads
        trailmerge: \(wrong): inputs: missing: expected at least one path to read
        trailmerge: \(wrong): dataset: missing: expected the folder to write
        trailmerge: cannot open no-such-file.yaml: No such file or directory

        """)
  }

  @Test(
    "a job file in another encoding is named with the way out",
    arguments: [
      (Array("name: a\n\u{E9}: ".utf8) + [0xE9], "line 2 is not UTF-8"),
      ([0xFF, 0xFE, 0x6E, 0, 0x61, 0], "UTF-16"), ([0xFE, 0xFF, 0, 0x6E, 0, 0x61], "UTF-16"),
      ([0x6E, 0, 0x61, 0], "UTF-16"), ([0xFF, 0xFE, 0, 0, 0x6E, 0, 0, 0], "UTF-32"),
    ])
  func refusesOtherEncodings(bytes: [UInt8], what: String) throws {
    let folder = try TemporaryFolder()
    try Data(bytes).write(to: folder.url.appending(path: "job.yaml"))
    let result = try trailmerge("check", "job.yaml", in: folder.url)
    #expect(result.status == 64)
    #expect(result.errors == "trailmerge: job.yaml: \(what): save it as UTF-8\n")
  }

  @Test("a byte order mark before a job is skipped, and no place in the file moves")
  func skipsByteOrderMark() throws {
    let folder = try TemporaryFolder()
    let job = "inputs: [in]\r\ndataset: out\r\n"
    _ = try folder.write("\u{FEFF}" + job, to: "job.yaml")
    _ = try folder.write("\u{FEFF}nome: x\n" + job, to: "wrong.yaml")
    #expect(try trailmerge("check", "job.yaml", in: folder.url).status == 0)
    let result = try trailmerge("check", "wrong.yaml", in: folder.url)
    #expect(result.status == 64)
    #expect(result.errors.hasPrefix("trailmerge: wrong.yaml:1:1: nome: unknown key"))
  }

  @Test("an input below a link to the dataset is found out")
  func followsLinks() throws {
    let folder = try TemporaryFolder()
    let files = FileManager.default
    try files.createDirectory(
      at: folder.url.appending(path: "data/in"), withIntermediateDirectories: true)
    try files.createSymbolicLink(
      at: folder.url.appending(path: "link"),
      withDestinationURL: folder.url.appending(path: "data"))
    let result = try trailmerge("consolidate", "link/in", "-o", "data", in: folder.url)
    #expect(result.status == 64)
    #expect(result.errors.contains("expected an input outside the dataset"))
    let reverse = try trailmerge("consolidate", "data", "-o", "link/new/out", in: folder.url)
    #expect(reverse.status == 64)
    #expect(reverse.errors.contains("expected a dataset outside the input"))
  }
}
