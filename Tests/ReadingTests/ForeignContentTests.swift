import Bytes
import Reading
import TestSupport
import Testing

/// Other things under a log's name: the reason says what they are.
struct ForeignContentTests {
  private static let log =
    "AWSLogs/012345678910/CloudTrail/us-east-1/2026/11/19/"
    + "012345678910_CloudTrail_us-east-1_20261119T1005Z_abcdefghijklmnop.json.gz"

  private static func text(_ name: String, _ text: String) -> (String, [UInt8]) {
    (name, Array(text.utf8))
  }

  private static let tar = [UInt8](repeating: 0x61, count: 257) + Array("ustar\u{0}00".utf8)

  private static let all: [(String, [UInt8])] = [
    text("a zip archive", "PK\u{3}\u{4}"), text("bzip2", "BZh91AY"), text("a Parquet file", "PAR1"),
    text("an ORC file", "ORC"), text("an Avro file", "Obj\u{1}"),
    text("a PDF document", "%PDF-1.7"),
    text("SQLite", "SQLite format 3\u{0}"), text("XML", "<?xml version=\"1.0\"?><Error>"),
    text("HTML", "<!DOCTYPE html>"), text("HTML", "<html>"), text("XML or HTML", "<Error>"),
    text("Git LFS", "version https://git-lfs.github.com/spec/v1"), ("a tar archive", tar),
    ("zstd", [0x28, 0xB5, 0x2F, 0xFD, 4]), ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]),
    ("a 7z archive", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]), ("LZ4", [0x04, 0x22, 0x4D, 0x18]),
    ("Snappy", [0xFF, 0x06, 0, 0, 0x73, 0x4E, 0x61, 0x50, 0x70, 0x59]),
    ("compress(1)", [0x1F, 0x9D]), ("UTF-16", [0xFF, 0xFE, 0x7B, 0]),
    ("UTF-16", [0xFE, 0xFF, 0, 0x7B]),
    ("UTF-16", [0x7B, 0, 0x22, 0]), ("UTF-16", [0, 0x5B, 0, 0x5D]),
  ]

  @Test(arguments: all)
  func `are named, as they are and in gzip`(name: String, bytes: [UInt8]) throws {
    for stored in [bytes, try gzipped(bytes)] {
      for path in [Self.log, "x.json", "x.json.gz"] {
        let error = try ReadTree([TreeFile(path: path, bytes: stored)]).outcome?.error
        #expect(error?.reason.contains(name) == true)
        #expect(error?.offset == 0)
      }
      // Cut into batches of any size, it is the same.
      let small = try ReadTree([TreeFile(path: "x.json", bytes: stored)], batchSize: 64)
      #expect(small.outcome?.error?.reason.contains(name) == true)
    }
  }

  @Test func `gzip inside gzip says what to do`() throws {
    let twice = try gzipped(try gzipped(Array(#"{"Records":[]}"#.utf8)))
    let error = try ReadTree([TreeFile(path: Self.log, bytes: twice)]).outcome?.error
    #expect(
      error?.reason
        == "this is gzip inside gzip, not a CloudTrail log: decompress it once")
  }
}
