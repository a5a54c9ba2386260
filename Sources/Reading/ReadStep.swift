/// How far a reader came with a file.
public enum ReadStep {
  /// The file is read.
  ///
  /// If it is taken its records are in the batch, and in the batches that were full before.
  case finished(FileOutcome)
  /// The batch has no more room: reading goes on with an empty one, or with the same one if it is made
  /// longer.
  case full(Contents)

  /// What a full batch holds.
  public enum Contents: Sendable {
    /// Records that are taken.
    case wholeFiles
    /// The beginning of the file that is being read: whether it is taken is known at its end.
    case partOfFile
    /// The beginning of a record that is longer than the batch, which is to be made longer.
    case partOfRecord
  }
}
