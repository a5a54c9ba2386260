/// What is wrong with a column's text, in one sentence.
public struct ColumnError: Error, Equatable, CustomStringConvertible {
  /// The text that could not be read.
  public let column: String
  /// The character it went wrong at, counted from 1; `nil` if it is not one place.
  public let character: Int?
  /// What was found or expected there.
  public let problem: String

  public var description: String {
    let place = character.map { ", character \($0)" } ?? ""
    return "column '\(column)'\(place): \(problem)"
  }
}
