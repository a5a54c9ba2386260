/// All that was measured on one corpus.
struct CorpusResult: Encodable {
  let corpus: String
  var stages: StageResults?
  var jobs: [WholeJobResult] = []
  var comparison: CompareResult?

  /// The same as tables for people.
  var text: String {
    let parts = [stages?.text, jobs.isEmpty ? nil : jobsText, comparison?.text]
    return "\n== \(corpus)\n" + parts.compactMap(\.self).joined(separator: "\n\n")
  }

  private var jobsText: String {
    var table = Table(
      "whole job", "threads", "s", "spread", "CPU s", "JSON MB/s", "records/s", "peak MB",
      "floor s", "times floor",
      "of libdeflate")
    for job in jobs {
      table.add(
        job.syncs ? "until the disk has it" : "into the page cache",
        job.threads == 0 ? "all" : "\(job.threads)", job.seconds.median.rounded(to: 2),
        job.seconds.spread.asPercentage, job.processorSeconds.median.rounded(to: 2),
        (Double(job.jsonByteCount) / 1e6 / job.seconds.median).rounded(to: 0),
        (Double(job.recordCount) / job.seconds.median).rounded(to: 0),
        (Double(job.peakByteCount) / 1e6).rounded(to: 0), job.floorSeconds.median.rounded(to: 2),
        job.timesFloor.median.rounded(to: 2), job.timesLowerFloor.median.rounded(to: 2))
    }
    return table.text
  }
}

/// The stages over the same files.
struct StageResults: Encodable {
  let stages: [StageResult]
  let byteCount: Int
  let recordCount: Int

  init(_ measured: (results: [StageResult], recordCount: Int), byteCount: Int) {
    stages = measured.results
    recordCount = measured.recordCount
    self.byteCount = byteCount
  }

  var text: String {
    var table = Table("stage, one thread", "ms", "spread", "JSON MB/s", "records/s")
    for stage in stages {
      let seconds = max(stage.seconds.median, 1e-9)
      table.add(
        stage.name, (seconds * 1000).rounded(to: 1), stage.seconds.spread.asPercentage,
        stage.coversWholeCorpus ? "" : (Double(byteCount) / 1e6 / seconds).rounded(to: 0),
        stage.coversWholeCorpus ? "" : (Double(recordCount) / seconds).rounded(to: 0))
    }
    return table.text
      + "\n(\((Double(byteCount) / 1e6).rounded(to: 0)) MB of JSON, \(recordCount) records)"
  }
}

extension CompareResult {
  fileprivate var text: String {
    var table = Table("pair", "this s", "other s", "this / other")
    for (number, ratio) in ratio.samples.enumerated() {
      table.add(
        "\(number + 1)", this.samples[number].rounded(to: 3), other.samples[number].rounded(to: 3),
        ratio.rounded(to: 3))
    }
    table.add(
      "median", this.median.rounded(to: 3), other.median.rounded(to: 3), ratio.median.rounded(to: 3)
    )
    return table.text
  }
}
