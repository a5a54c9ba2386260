/// How far a validation is, as any of its threads says.
public enum ValidationStep: Sendable {
  /// So many more files are to be checked.
  case expected(fileCount: Int)
  /// So many of them are.
  case checked(fileCount: Int)
}
