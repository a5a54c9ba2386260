import CloudTrail
import JobFiles
import Testing
import Writing

struct JobFileTests {
  @Test("a job without optional keys gets the promised defaults")
  func defaults() throws {
    let job = try job("")
    #expect(job.name == "test")
    #expect(job.families == [.events])
    #expect(job.outputs.map(\.name) == ["ndjson", "csv"])
    #expect(job.outputs.allSatisfy { $0.partitionBy == [.account, .region, .dt] })
    #expect(job.outputs.allSatisfy { $0.compression == .none })
    #expect(job.incremental)
    #expect(job.memory == nil)
    #expect(job.threads == 0)
    #expect(job.maxInflated == 1 << 30)
    #expect(job.select == Selection())
  }

  @Test("every key reaches the job")
  func everyKey() throws {
    let job = try job(
      """
      name: nightly
      select:
        from: 2026-11-01
        to: 2026-12-01
        deliveredFrom: 2026-11-01
        deliveredTo: 2026-12-02
        accounts: ["0123*"]
        regions: [us-east-1, eu-*]
        orgIDs: o-ab12cd34ef
        include: [{ userIdentity.type: Root }]
        exclude:
          - { eventSource: kms.amazonaws.com, eventName: [Decrypt, "Generate*"], readOnly: true }
      families: [insight, events]
      outputs:
        - { format: ndjson, compression: gzip, maxBytes: 1GiB, partitionBy: [month], provenance: true }
        - { format: csv, name: sheet, profile: excel, formulas: keep, columns: [eventTime, a.b as c] }
      incremental: false
      memory: 64 MiB
      threads: 3
      tempDir: tmp
      maxInflated: 10MB
      salvage: true
      strict: true
      publicKeys: keys.json
      lockWait: 10m
      failIfNoNewFiles: true
      failIfStale: 26h
      metricsFile: /metrics/trailmerge.prom
      """)
    #expect(job.name == "nightly")
    #expect(job.select.from == TimeBound(text: "2026-11-01", secondsSince1970: 1_793_491_200))
    #expect(job.select.to?.secondsSince1970 == 1_796_083_200)
    #expect(
      job.select.deliveredFrom == DayBound(text: "2026-11-01", day: Day(daysSince1970: 20_758)))
    #expect(job.select.deliveredTo?.day == Day(daysSince1970: 20_789))
    #expect(job.select.accounts == ["0123*"])
    #expect(job.select.regions == ["eu-*", "us-east-1"])
    #expect(job.select.orgIDs == ["o-ab12cd34ef"])
    #expect(job.select.include.map(\.text) == ["userIdentity.type: Root"])
    #expect(
      job.select.exclude.map(\.text)
        == ["eventSource: kms.amazonaws.com, eventName: [Decrypt, Generate*], readOnly: true"])
    #expect(job.select.exclude.first?.conditions.last?.patterns == ["true"])
    #expect(job.families == [.events, .insight])
    #expect(job.outputs.map(\.name) == ["ndjson", "sheet"])
    #expect(job.outputs[0].compression == .gzip(level: 6))
    #expect(job.outputs[0].maxBytes == 1 << 30)
    #expect(job.outputs[0].partitionBy == [.month])
    #expect(job.outputs[0].provenance)
    let sheet = CSV(profile: .excel, formulas: .keep, columns: ["eventTime", "a.b as c"])
    #expect(job.outputs[1].format as? CSV == sheet)
    #expect(job.outputs[1].maxRows == 1_048_575)
    #expect(!job.incremental)
    #expect(job.memory == 64 << 20)
    #expect(job.threads == 3)
    #expect(job.tempDirectory == "/home/ada/jobs/tmp")
    #expect(job.maxInflated == 10_000_000)
    #expect(job.salvage && job.strict && job.failIfNoNewFiles)
    #expect(job.validate, "public keys are of no use without it")
    #expect(job.publicKeys == ["/home/ada/jobs/keys.json"])
    #expect(job.lockWait == 600)
    #expect(job.failIfStale == 93_600)
    #expect(job.metricsFile == "/metrics/trailmerge.prom")
  }

  @Test(
    "an account without quotes keeps its zeros",
    arguments: ["012345678910", "\"012345678910\"", "000000000000"])
  func accountsAreTexts(written: String) throws {
    let job = try job("select: { accounts: [\(written)] }")
    #expect(job.select.accounts == [written.filter(\.isNumber)])
  }

  @Test("a JSON text is a job file too")
  func readsJSON() throws {
    let job = try Job(
      yaml: #"{"inputs": [{"path": "..\/mirror"}], "dataset": "\/data", "threads": 2}"#,
      file: "/jobs/a.json", in: surroundings)
    #expect(job.inputs == [Job.Input(written: "../mirror", path: "/mirror")])
    #expect(job.threads == 2)
  }

  @Test("relative paths begin at the job file's folder, and inputs remember what was written")
  func pathsAreRelativeToTheFile() throws {
    let job = try Job(
      yaml: "inputs: [{ path: ../mirror/./x/ }]\ndataset: out//a", file: "jobs/a.yaml",
      in: surroundings)
    #expect(job.inputs == [Job.Input(written: "../mirror/./x/", path: "/home/ada/mirror/x")])
    #expect(job.dataset == "/home/ada/jobs/out/a")
    #expect(job.name == "a")
  }

  @Test("a JSON text may have scalars as two halves, but no half alone")
  func surrogatePairs() throws {
    let name = #"\ud83d\uDE00 \\ud83d\\ude00 \"\ud83d\ude00"#
    let job = try Job(
      yaml: "{\"inputs\": [\"in\"], \"dataset\": \"out\", \"name\": \"\(name)\"}",
      file: "/jobs/a.json", in: surroundings)
    #expect(job.name == #"😀 \ud83d\ude00 "😀"#)
    #expect(throws: JobFileError.self) {
      try Job(yaml: #"{"name": "\ud83d"}"#, file: "/jobs/a.json", in: surroundings)
    }
  }

  @Test("a key with nothing after it counts as left out")
  func emptyKeys() throws {
    #expect(try job("select:\nthreads:\nmemory: null\n") == job(""))
  }

  @Test("an anchor can be used again")
  func aliases() throws {
    let job = try job(
      """
      outputs:
        - { format: ndjson, partitionBy: &by [dt, hour] }
        - { format: csv, partitionBy: *by }
      """)
    #expect(job.outputs.map(\.partitionBy) == [[.dt, .hour], [.dt, .hour]])
  }
}
