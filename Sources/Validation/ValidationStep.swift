/// How far a validation is, as any of its threads says.
public enum ValidationStep: Sendable {
  /// That many more files are to be checked.
  case expected(fileCount: Int)
  /// That many of them are checked.
  case checked(fileCount: Int)
}
