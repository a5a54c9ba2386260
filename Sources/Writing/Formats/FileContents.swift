public import Dataset

/// What the files of a format hold, as far as records can be found in them again.
public enum FileContents: Sendable {
  /// Records and nothing else, byte for byte, one a line.
  ///
  /// Such an output can be the store, from which later runs take the records again, and `verify`
  /// checks each record in it.
  case recordLines
  /// Something made of records; `verify` counts them.
  ///
  /// The bytes come inflated where the file is compressed, and once only: a format that has to look
  /// about in a file opens the stream's `path` itself. The count is nil if it is no file of this
  /// format. It takes O(bytes of the file) and bounded memory.
  case counted(@Sendable (StoredStream) throws -> Int?)
}
