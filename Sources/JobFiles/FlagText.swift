/// Values of flags that are no job keys; they are written as values of job keys are.
public enum FlagText {
  /// A memory budget in bytes, such as `2GiB`; nil for anything else, and for less than a run takes.
  public static func memory(_ text: String) -> Int? {
    ByteSize.bytes(text).flatMap { $0 >= 16 << 20 ? $0 : nil }
  }

  /// An instant in seconds since 1970: a date, a time, `yesterday`, `7d`; nil for anything else.
  public static func instant(_ text: String, now: Int64) -> Int64? {
    TimeExpression.instant(text, now: now)
  }
}
