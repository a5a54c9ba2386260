import JobFiles

/// The world that the jobs of these tests refer to; it is 2026-11-20T08:30:15Z.
let surroundings = JobSurroundings(
  environment: ["MIRROR": "/mirror", "EMPTY": "", "TRICK": "a\nstrict: true"], folder: "/home/ada",
  now: 1_795_163_415)

/// The job that a text describes, read as `/home/ada/jobs/test.yaml`, with the keys that every job needs
/// in its first two lines.
func job(_ yaml: String, overrides: [JobOverride] = []) throws(JobFileError) -> Job {
  try Job(
    yaml: "inputs: [/mirror]\ndataset: /data\n" + yaml, file: "jobs/test.yaml",
    overrides: overrides, in: surroundings)
}

/// What is wrong with such a text, one line each; empty when nothing is.
func problems(_ yaml: String, overrides: [JobOverride] = []) -> [String] {
  do {
    _ = try job(yaml, overrides: overrides)
    return []
  } catch {
    return error.problems.map(\.description)
  }
}

/// What is wrong with a whole text.
func problems(wholeFile yaml: String) -> [String] {
  do {
    _ = try Job(yaml: yaml, file: "jobs/test.yaml", in: surroundings)
    return []
  } catch {
    return error.problems.map(\.description)
  }
}
