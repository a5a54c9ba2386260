/// Where a command says what it does, line by line, to those who ask for it.
///
/// Lines are text for people and may hold names from files: who prints them makes them safe.
public struct DetailLog: Sendable {
  /// Nobody listens.
  public static let off = DetailLog()

  private let write: (@Sendable (String) -> Void)?

  /// Makes a log whose lines go to `write`, from any thread.
  public init(_ write: (@Sendable (String) -> Void)? = nil) {
    self.write = write
  }

  /// Writes a line, which is put together only if somebody listens.
  public func note(_ line: @autoclosure () -> String) {
    write?(line())
  }
}
