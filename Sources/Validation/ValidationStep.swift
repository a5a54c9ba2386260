/// How far a validation is, told from any of its threads.
public enum ValidationStep: Sendable {
  /// So many more files are to be checked.
  case expected(fileCount: Int)
  /// So many of them are.
  case checked(fileCount: Int)
}
