import Foundation

/// Says on standard error what is going on, so that standard output holds results only.
func printNote(_ text: String) {
  FileHandle.standardError.write(Data("\(text)\n".utf8))
}
