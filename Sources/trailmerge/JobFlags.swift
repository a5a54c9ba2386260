import ArgumentParser
import JobFiles
import JobRunner
import Reading

/// With `SelectionFlags` a flag for every key of a job file; what it says takes the place of the file's value.
///
/// Flags carry texts. Their meaning, and what is wrong with them, is the business of the key.
struct JobFlags: ParsableArguments {
  @Option(help: .key("name")) var name: String?
  @Option(name: .shortAndLong, help: .key("dataset", value: "dir")) var output: String?

  @Option(help: .key("select.include", value: "rule")) var include: [String] = []
  @Option(help: .key("select.exclude", value: "rule")) var exclude: [String] = []
  @Option(help: .key("families", value: "family,…", listed: true)) var families: [String] = []

  @Option(help: .key("outputs[].format", value: "format,…", listed: true)) var format: [String] = []
  @Option(help: .key("outputs[].name", value: "name")) var outputName: String?
  @Option(help: .key("outputs[].partitionBy", value: "key,…", listed: true)) var partitionBy:
    [String] = []
  @Option(help: .key("outputs[].compression", listed: true)) var compression: String?
  @Option(help: .key("outputs[].text", listed: true)) var text: String?
  @Option(help: .key("outputs[].profile", listed: true)) var profile: String?
  @Option(help: .key("outputs[].formulas", listed: true)) var formulas: String?
  @Option(help: .key("outputs[].columns", value: "column,…")) var columns: [String] = []
  @Option(help: .key("outputs[].maxRows", value: "number")) var maxRows: String?
  @Option(help: .key("outputs[].maxBytes", value: "size")) var maxBytes: String?
  @Flag(inversion: .prefixedNo, help: .key("outputs[].provenance")) var provenance: Bool?

  @Flag(inversion: .prefixedNo, help: .key("incremental")) var incremental: Bool?
  @Flag(help: "Discard what the dataset holds and make it again.") var rebuild = false
  @Flag(help: "Compare the bytes of files that were read before, whatever their times say.")
  var checksum = false
  @Option(
    help: ArgumentHelp(
      "Of the inputs read only the files that a list names, one path below the input a line.",
      valueName: "list|-"), completion: .file())
  var filesFrom: String?
  @Option(
    help: ArgumentHelp(
      "Of the inputs' files read only part K of N, by account, region and month.",
      valueName: "k/n"),
    transform: Shard.argument)
  var shard: Shard?
  @Flag(inversion: .prefixedNo, help: .key("allowLoss")) var allowLoss: Bool?
  @Option(help: .key("memory", value: "size")) var memory: String?
  @Option(help: .key("threads", value: "number")) var threads: String?
  @Option(help: .key("tempDir", value: "dir")) var tempDir: String?
  @Option(help: .key("maxInflated", value: "size")) var maxInflated: String?
  @Flag(inversion: .prefixedNo, help: .key("salvage")) var salvage: Bool?
  @Flag(inversion: .prefixedNo, help: .key("strict")) var strict: Bool?
  @Flag(inversion: .prefixedNo, help: .key("validate")) var validate: Bool?
  @Option(help: .key("publicKeys", value: "file")) var publicKeys: [String] = []
  @Option(help: .key("signatures", value: "file")) var signatures: String?
  @Option(help: .key("lockWait", value: "span")) var lockWait: String?
  @Flag(inversion: .prefixedNo, help: .key("failIfNoNewFiles")) var failIfNoNewFiles: Bool?
  @Option(help: .key("failIfStale", value: "span")) var failIfStale: String?
  @Option(help: .key("metricsFile", value: "file")) var metricsFile: String?

  /// Sets what the flags say of this run alone.
  func describe(_ job: inout Job) {
    job.rebuild = rebuild
    job.checksum = checksum
    job.shard = shard
    job.filesFrom = filesFrom
  }

  /// What the flags given change; the formats first, since they decide which outputs there are.
  var overrides: [JobOverride] {
    [
      JobOverride("--format", "outputs[].format", list: format),
      JobOverride("--name", "name", name),
      JobOverride("--output", "dataset", output),
      JobOverride("--include", "select.include", each: include),
      JobOverride("--exclude", "select.exclude", each: exclude),
      JobOverride("--families", "families", list: families),
      JobOverride("--output-name", "outputs[].name", outputName),
      JobOverride("--partition-by", "outputs[].partitionBy", list: partitionBy),
      JobOverride("--compression", "outputs[].compression", compression),
      JobOverride("--text", "outputs[].text", text),
      JobOverride("--profile", "outputs[].profile", profile),
      JobOverride("--formulas", "outputs[].formulas", formulas),
      JobOverride("--columns", "outputs[].columns", list: columns),
      JobOverride("--max-rows", "outputs[].maxRows", maxRows),
      JobOverride("--max-bytes", "outputs[].maxBytes", maxBytes),
      JobOverride("--provenance", "outputs[].provenance", provenance.map(String.init)),
      JobOverride("--incremental", "incremental", incremental.map(String.init)),
      JobOverride("--allow-loss", "allowLoss", allowLoss.map(String.init)),
      JobOverride("--memory", "memory", memory),
      JobOverride("--threads", "threads", threads),
      JobOverride("--temp-dir", "tempDir", tempDir),
      JobOverride("--max-inflated", "maxInflated", maxInflated),
      JobOverride("--salvage", "salvage", salvage.map(String.init)),
      JobOverride("--strict", "strict", strict.map(String.init)),
      JobOverride("--validate", "validate", validate.map(String.init)),
      JobOverride("--public-keys", "publicKeys", each: publicKeys),
      JobOverride("--signatures", "signatures", signatures),
      JobOverride("--lock-wait", "lockWait", lockWait),
      JobOverride(
        "--fail-if-no-new-files", "failIfNoNewFiles", failIfNoNewFiles.map(String.init)),
      JobOverride("--fail-if-stale", "failIfStale", failIfStale),
      JobOverride("--metrics-file", "metricsFile", metricsFile),
    ]
    .compactMap { $0 }
  }
}
