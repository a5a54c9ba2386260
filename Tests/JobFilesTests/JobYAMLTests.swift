import JobFiles
import Testing

struct JobYAMLTests {
  @Test(
    "a job printed and read again is the same job",
    arguments: [
      "",
      """
      name: "odd: name # with ${MIRROR}, $${x} and 'quotes' \\"\\\\ \\u202E"
      select:
        from: 7d
        to: "2026-12-01 08:00:00+01:00"
        deliveredFrom: yesterday
        accounts: ["012345678910", "*"]
        include: [{ "\\"a.b\\".c": ["", "null", "true", "- x", "*", "a, b", "[x]", "{y}"] }, { b: ~x }]
        exclude: [{ absent: ['"a, b".c', c], '"absent"': x }, { absent: '"absent"' }]
      outputs:
        - { format: csv, name: a-1, columns: ['resources[0].ARN as "x"'], maxRows: 5 }
        - { format: csv, compression: gzip:1, formulas: keep, partitionBy: [] }
      memory: 100000001
      tempDir: " a "
      failIfStale: 1d2h3m4s
      lockWait: 0
      validate: true
      """,
    ])
  func roundTrip(yaml: String) throws {
    let first = try job(yaml)
    try expectSame(first)
  }

  @Test("the name of an input is printed, and only if it was given")
  func inputNames() throws {
    let yaml = "inputs: [{ path: a/x, name: 'b c' }, { name: d, path: b/x }, c/x]\ndataset: /data"
    let first = try Job(yaml: yaml, file: "jobs/test.yaml", in: surroundings)
    #expect(first.inputs.map(\.name) == ["b c", "d", nil])
    #expect(first.inputs.map(\.path) == ["a", "b", "c"].map { "/home/ada/jobs/\($0)/x" })
    try expectSame(first)
  }

  private func expectSame(_ first: Job) throws {
    var second = try Job(yaml: first.yaml, file: "/elsewhere/other.yaml", in: surroundings)
    second.inputs = zip(first.inputs, second.inputs).map {
      Job.Input(written: $0.written, path: $1.path, name: $1.name)
    }
    #expect(second == first)
    #expect(second.yaml == first.yaml)
  }
}
