public import Bytes
import CloudTrail
public import Listing

/// What a validation may use besides the input files.
public struct ValidationOptions: Sendable {
  /// Without keys, hashes and links are checked only.
  public var keys: PublicKeys?
  public var signatures = Signatures()

  public init(keys: PublicKeys? = nil, signatures: Signatures = Signatures()) {
    self.keys = keys
    self.signatures = signatures
  }

  /// Loads keys and signatures.
  ///
  /// - Parameters:
  ///   - publicKeys: What `aws cloudtrail list-public-keys` printed, once for each region; none for
  ///     hashes and links only.
  ///   - signatures: Saved signatures.
  /// - Throws: When a file is missing or not what it should be, in words for a person.
  public init(publicKeys: [Path], signatures: Path?) throws {
    if !publicKeys.isEmpty { keys = try PublicKeys(files: publicKeys) }
    if let signatures { self.signatures = try Signatures(file: signatures) }
  }
}

/// Checks the digest chains and the log files below `inputs`; the network is not used.
///
/// - Parameters:
///   - inputs: Folders or files; one that is inside another is there once.
///   - options: Keys and saved signatures.
///   - mapping: Spreads reading, hashing and checking of signatures over threads.
///   - progress: Hears how far it is, from any thread.
/// - Returns: What became of every digest and log file.
/// - Throws: As `validate(in:options:known:mapping:progress:)`.
public func validate(
  _ inputs: [Path], options: ValidationOptions = ValidationOptions(),
  mapping: some ParallelMapping = SequentialMapping(),
  progress: @Sendable (ValidationStep) -> Void = { _ in }
) throws -> ValidationReport {
  let places = try Set(inputs.map { try FileSystem.place(ofInput: $0) })
  let apart = places.filter { place in
    !places.contains { $0 != place && place.isAt(orBelow: $0) }
  }
  return try validate(
    in: FolderSource(apart.sorted().map { InputRoot(path: $0, source: $0) }), options: options,
    mapping: mapping, progress: progress)
}

/// Checks the digest chains and the log files of a source.
///
/// Only files that the source lists are opened, whatever the digests name.
///
/// - Parameters:
///   - source: Where the files come from: the same as for a run, so that both see the same files.
///   - options: Keys and saved signatures.
///   - known: What is known of a log file already, so that it is not read again: a run that reads
///     all files passes what it has computed. The path is the one that the source gives.
///   - mapping: Spreads listing, reading, hashing and checking of signatures over threads.
///   - progress: Hears how far it is, from any thread.
/// - Returns: What became of every digest and log file.
/// - Throws: `FileError` when an input is not there or cannot be listed, `Stopped` when a signal
///   asks to stop. What is wrong with files below an input is in the report.
/// - Complexity: O(bytes of digests and listed logs); memory for every digest and every name.
public func validate(
  in source: some InputSource, options: ValidationOptions = ValidationOptions(),
  known: (Path) -> FileContent? = { _ in nil },
  mapping: some ParallelMapping = SequentialMapping(),
  progress: @Sendable (ValidationStep) -> Void = { _ in }
) throws -> ValidationReport {
  let found = try findFiles(in: source, mapping)
  let files = found.files
  let digestFiles = (0..<files.count).filter { files.service(of: $0) == .digest }
  progress(.expected(fileCount: digestFiles.count))
  let nodes = try mapping.map(digestFiles) { file in
    defer { progress(.checked(fileCount: 1)) }
    return DigestNode(reading: file, of: files)
  }
  var digests = DigestSet(nodes, in: files)
  try digests.check(keys: options.keys, signatures: options.signatures, mapping: mapping)
  var logs = try LogCheck(files, digests)
  try logs.run(known: known, mapping: mapping, progress: progress)
  return ValidationReport(
    digests: digests, logs: logs.findings, hasKeys: options.keys != nil, found: found)
}
