import CloudTrail
import JobFiles
import Testing

struct JobFingerprintTests {
  @Test("what changed is named by its key, with before and after")
  func namesChanges() throws {
    let old = try JobFingerprint(
      job("outputs: [{ format: ndjson }, { format: csv, partitionBy: [dt] }]"))
    let new = try JobFingerprint(
      job(
        """
        select: { regions: [eu-*] }
        outputs: [{ format: ndjson }, { format: csv, partitionBy: [month], columns: [eventID] }]
        """))
    #expect(
      old.changes(to: new).map(\.description) == [
        "outputs[1].partitionBy: [dt] -> [month]",
        "outputs[1].columns: [\(Column.defaults.joined(separator: ", "))] -> [eventID]",
        "select.regions: nothing -> [eu-*]",
      ])
  }

  @Test(
    "what does not change the output is no change",
    arguments: [
      ("", "threads: 4\nmemory: 1GiB\nname: other\nlockWait: 5m"),
      ("select: { accounts: [a*, b*] }", "select: { accounts: [b*, a*] }"),
      ("families: [events, insight]", "families: [insight, events]"),
      ("outputs: [{ format: csv }]", "outputs: [{ name: csv, format: csv, compression: none }]"),
      ("", "outputs: [{ format: ndjson }, { format: csv, provenance: false, profile: plain }]"),
      (
        "outputs: [{ format: csv }]",
        "outputs: [{ format: csv, columns: [\(Column.defaults.joined(separator: ", "))] }]"
      ),
      (
        "outputs: [{ format: csv, profile: excel }]",
        """
        outputs: [{ format: csv, profile: excel, maxRows: 1048575 }]
        """
      ),
      ("", "select: { accounts: [] }\nmaxInflated: 1024MiB\nsalvage: false"),
    ])
  func ignoresTheRest(first: String, second: String) throws {
    #expect(try JobFingerprint(job(first)).changes(to: JobFingerprint(job(second))).isEmpty)
  }

  @Test("a rule that asks for missing fields is part of the job")
  func absentFields() throws {
    let rule = "{ eventName: ConsoleLogin, absent: [errorCode, additionalEventData.MFAUsed] }"
    let old = try JobFingerprint(job("select: { exclude: [{ eventName: ConsoleLogin }] }"))
    let new = try JobFingerprint(job("select: { exclude: [\(rule)] }"))
    #expect(
      old.changes(to: new).map(\.description) == [
        "select.exclude: [{ eventName: ConsoleLogin }] -> [\(rule)]"
      ])
  }

  @Test("a relative time is the same job the next night")
  func relativeTimesStay() throws {
    var tomorrow = surroundings
    tomorrow.now += 86_400
    let yaml = "inputs: [/mirror]\ndataset: /data\nselect: { from: 7d, to: yesterday }"
    let tonight = try Job(yaml: yaml, file: "a.yaml", in: surroundings)
    let next = try Job(yaml: yaml, file: "a.yaml", in: tomorrow)
    #expect(tonight.select != next.select)
    #expect(JobFingerprint(tonight) == JobFingerprint(next))
  }
}
