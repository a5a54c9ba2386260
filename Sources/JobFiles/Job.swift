import Bytes
public import CloudTrail
public import Reading
public import Writing

/// A validated, resolved job: the value everything else takes.
///
/// Every path is absolute, every default that does not depend on the machine is filled in, and what
/// the job file's rules forbid cannot be found here.
public struct Job: Sendable, Equatable {
  /// A file or folder to read.
  public struct Input: Sendable, Equatable {
    /// The path as the user wrote it.
    public var written: String
    /// The absolute path.
    public var path: String
    /// The name that the user gave it; nil for the one that follows from its path.
    public var name: String?
    /// The place in a bucket that it mirrors, as the user wrote it; nothing is ever fetched from there.
    public var url: String?

    public init(written: String, path: String, name: String? = nil, url: String? = nil) {
      self.written = written
      self.path = path
      self.name = name
      self.url = url
    }

    /// The place in a bucket that it mirrors.
    public var address: BucketAddress? { url.flatMap { BucketAddress($0) } }

    /// Both forms of the path, as one key gives them.
    var location: (written: String, path: String) {
      get { (written, path) }
      set { (written, path) = newValue }
    }
  }

  /// What reports and metrics call the job.
  public var name = ""
  public var inputs: [Input] = []
  /// The folder this job owns, as an absolute path; never inside an input, nor the reverse.
  public var dataset = ""
  public var select = Selection()
  /// In the order of `Family.allCases`, never empty.
  public var families: [Family] = [.events]
  /// Never empty; the names differ.
  public var outputs = OutputSpecification.defaults
  /// Whether new files are folded into the dataset; if not, each run rebuilds it.
  public var incremental = true
  /// Discards what the dataset holds and makes it again from the inputs, this once.
  public var rebuild = false
  /// Whether the bytes of files that were read before are compared, whatever their times say.
  public var checksum = false
  /// A list of the files of the inputs that are read, this once; `-` is standard input.
  public var filesFrom: String?
  /// The part of the inputs' files that is read.
  public var shard: Shard?
  /// Whether a rebuild may drop stored records that no input holds any more.
  public var allowLoss = false
  /// Flags that select records, in the place of what the job file says or beside it.
  ///
  /// A rebuild refuses them where they would leave out what the dataset holds.
  public var selectingFlags: [String] = []

  /// The memory budget in bytes; `nil` is a quarter of the machine's memory.
  public var memory: Int?
  /// The number of worker threads, at most `threadLimit`; 0 is one per core.
  public var threads = 0
  /// Where sorted runs go that do not fit the budget; `nil` is inside the dataset.
  public var tempDirectory: String?
  /// The most bytes that one file may inflate to.
  public var maxInflated = 1 << 30
  /// Whether the whole records before the damage are taken from a damaged file.
  public var salvage = false
  /// Whether a single failed file keeps the run from committing anything.
  public var strict = false

  /// Whether the digest chains are checked in the same pass.
  public var validate = false
  /// Answers of `aws cloudtrail list-public-keys`, one for each region; without any, signatures are
  /// not checked.
  public var publicKeys: [String] = []
  /// Saved signatures of digests that no later digest signs yet.
  public var signatures: String?

  /// How many seconds to wait for another run on the same dataset.
  public var lockWait = 0
  public var failIfNoNewFiles = false
  /// The age in seconds of the newest event past which the run exits 5.
  public var failIfStale: Int?
  /// Where to write metrics as Prometheus text.
  public var metricsFile: String?

  public init() {}

  /// The memory budget in bytes, whether the job names one or not.
  public var memoryBudget: Int { memory ?? MachineMemory.defaultBudget }

  /// Whether the run makes its dataset without what it holds.
  public var isRebuild: Bool { rebuild || !incremental }

  /// The most worker threads.
  public static let threadLimit = 256
}
