import Bytes

/// `eventVersion` as two integers: 1.10 is newer than 1.09; anything else is oldest.
struct EventVersion: Equatable, Comparable {
  var major = -1
  var minor = -1

  init(major: Int = -1, minor: Int = -1) {
    (self.major, self.minor) = (major, minor)
  }

  init(_ record: Span<UInt8>) {
    guard let object = try? JSONObject(record), let text = object.string("eventVersion") else {
      return
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let major = parts[0], let minor = parts[1], major >= 0, minor >= 0
    else { return }
    (self.major, self.minor) = (major, minor)
  }

  static func < (left: Self, right: Self) -> Bool {
    left.major != right.major ? left.major < right.major : left.minor < right.minor
  }
}
