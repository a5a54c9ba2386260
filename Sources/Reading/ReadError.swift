public import Bytes

/// Why a file is not taken: the file fails as a whole, the run goes on.
public enum ReadError: Error, Sendable, Equatable {
  /// It cannot be opened or read.
  case file(FileError)
  /// It has no bytes, or nothing but white space.
  case empty
  /// The gzip data is damaged; that many bytes of JSON came out before.
  case gzip(GzipError, offset: Int)
  case syntax(JSONSyntaxError)
  /// Its text is something else that is known by its first bytes.
  case foreign(ForeignContent)
  /// A log file whose document is not an object with a `Records` array.
  case noRecords(offset: Int)
  case secondRecords(offset: Int)
  /// A log file with something after its one document.
  case secondDocument(offset: Int)
  /// It inflates to more bytes than allowed.
  case tooLarge(limit: Int)
  /// One record, or another piece of a document that has to be in memory at once, is larger than
  /// allowed.
  case recordTooLarge(offset: Int, limit: Int)
  /// Its size changed while it was being read.
  case changed

  /// Bytes into the inflated JSON; nil where that means nothing.
  public var offset: Int? {
    switch self {
    case .file, .changed: nil
    case .empty, .foreign: 0
    case .gzip(_, let offset), .noRecords(let offset), .secondRecords(let offset),
      .secondDocument(let offset), .recordTooLarge(let offset, _):
      offset
    case .syntax(let error): error.offset
    case .tooLarge(let limit): limit
    }
  }

  /// One sentence: what was found and what was expected.
  public var reason: String {
    switch self {
    case .file(let error): error.description
    case .empty: "the file is empty: expected a CloudTrail log"
    case .gzip(.truncated, _): "the gzip data is cut off: copy the file again"
    case .gzip(.corrupt(let message), _): "the gzip data is damaged (\(message)): copy it again"
    case .gzip(.notGzip, _): "the gzip data is damaged (bad header): copy the file again"
    case .gzip(.outOfMemory, _): "out of memory while inflating"
    case .syntax(.unexpectedEnd): "the JSON is cut off: copy the file again"
    case .syntax(.unexpected(_, let expected)): "not JSON: expected \(expected.rawValue) here"
    case .foreign(let content):
      "this is \(content.name), not a CloudTrail log: \(content.advice)"
    case .noRecords: "not a CloudTrail log: expected one object with a \"Records\" array"
    case .secondRecords: "the document has \"Records\" twice: expected it once"
    case .secondDocument: "a second JSON document begins here: expected one document"
    case .tooLarge(let limit):
      "inflates to more than \(limit) bytes: raise --max-inflated if that is right"
    case .recordTooLarge(_, let limit):
      "one record is larger than \(limit) bytes: CloudTrail writes at most 256 KB"
    case .changed: "the file changed while it was read: it is tried again on the next run"
    }
  }
}
