import CloudTrail
import Writing

/// The rules that no single key can check.
enum JobRules {
  /// Fills in what follows from other keys, and notes what does not go together.
  static func finish(_ job: inout Job, needsInputs: Bool, with reader: inout JobReader) {
    checkPaths(job, needsInputs: needsInputs, with: &reader)
    checkFiles(job, with: &reader)
    checkSelection(job.select, with: &reader)
    for index in job.outputs.indices {
      finish(&job.outputs[index], named: "outputs[\(index)]", with: &reader)
    }
    checkNames(job.outputs, with: &reader)
    if !job.publicKeys.isEmpty, reader.given["validate"] == nil {
      job.validate = true
    }
    if job.signatures != nil, job.publicKeys.isEmpty {
      reader.note("expected publicKeys too, to check them with", key: "signatures")
    }
  }

  /// The dataset and the inputs must be apart, whatever the names of the folders between them: a
  /// run would read what an earlier run wrote, or write into the tree it must never change.
  private static func checkPaths(
    _ job: Job, needsInputs: Bool, with reader: inout JobReader
  ) {
    if needsInputs, job.inputs.isEmpty, !reader.hasProblem(with: "inputs") {
      reader.note("missing: expected at least one path to read", key: "inputs")
    }
    if job.dataset.isEmpty {
      if !reader.hasProblem(with: "dataset") {
        reader.note("missing: expected the folder to write", key: "dataset")
      }
      return
    }
    for problem in InputRules.problems(job.inputs) {
      reader.note(problem.message, key: key(ofInput: problem.index, in: reader))
    }
    for (index, input) in job.inputs.enumerated() {
      let key = key(ofInput: index, in: reader)
      if AbsolutePath.isInside(input.path, job.dataset) {
        reader.note("expected an input outside the dataset \(job.dataset)", key: key)
      } else if AbsolutePath.isInside(job.dataset, input.path) {
        reader.note("expected a dataset outside the input \(input.path)", key: "dataset")
      }
    }
  }

  private static func key(ofInput index: Int, in reader: JobReader) -> String {
    let key = "inputs[\(index)].path"
    return reader.given[key] == nil ? "inputs" : key
  }

  /// The input tree is never written to, nor by what is beside the dataset.
  private static func checkFiles(_ job: Job, with reader: inout JobReader) {
    for (key, path) in [("tempDir", job.tempDirectory), ("metricsFile", job.metricsFile)] {
      for input in job.inputs {
        if let path, AbsolutePath.isInside(path, input.path) {
          reader.note("expected a path outside the input \(input.path)", key: key)
        }
      }
    }
  }

  private static func checkSelection(_ select: Selection, with reader: inout JobReader) {
    if let from = select.from, let to = select.to, from.secondsSince1970 >= to.secondsSince1970 {
      reader.note("expected a time after from (\(from.text)), not \(to.text)", key: "select.to")
    }
    if let from = select.deliveredFrom, let to = select.deliveredTo,
      from.day >= to.day
    {
      reader.note(
        "expected a date after deliveredFrom (\(from.text)), not \(to.text): it is the first "
          + "date no longer taken", key: "select.deliveredTo")
    }
  }

  private static func finish(
    _ output: inout OutputSpecification, named name: String, with reader: inout JobReader
  ) {
    for problem in output.format.problems {
      reader.note(problem.message, key: "\(name).\(problem.option)")
    }
    guard let limit = output.format.maximumRows else { return }
    if let maxRows = output.maxRows, maxRows > limit.count {
      reader.note(
        "expected at most \(limit.count), \(limit.reason)", key: "\(name).maxRows")
    }
    output.maxRows = output.maxRows ?? limit.count
  }

  /// Names are folders beside those of families, and some file systems take `CSV` and `csv` for
  /// one.
  private static func checkNames(_ outputs: [OutputSpecification], with reader: inout JobReader) {
    var seen = Set(Family.allCases.map(\.rawValue))
    for (index, output) in outputs.enumerated()
    where !seen.insert(output.name.lowercased()).inserted {
      let key = "outputs[\(index)]"
      reader.note(
        "expected a name of its own, not \(output.name), which an output or family has",
        key: reader.given["\(key).name"] == nil ? "\(key).format" : "\(key).name")
    }
  }
}
