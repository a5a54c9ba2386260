import JobFiles
import Testing

struct ByteSizeTests {
  @Test(
    "sizes are bytes",
    arguments: [
      ("16777216", 16_777_216), ("64MiB", 67_108_864), ("64 MiB", 67_108_864),
      ("512MB", 512_000_000),
      ("2G", 2_147_483_648), ("1.5GiB", 1_610_612_736), ("1gib", 1_073_741_824),
      ("17000 kB", 17_000_000),
      ("1TiB", 1_099_511_627_776), ("99999999B", 99_999_999),
    ])
  func sizes(text: String, bytes: Int) throws {
    #expect(try job("memory: \(text)").memory == bytes)
  }

  @Test(
    "what is no size is refused",
    arguments: ["much", "GiB", "-1GiB", "1 Gi B", "1.GiB", ".5GiB", "1.2.3GiB", "9999999999TiB"])
  func refuses(text: String) {
    #expect(problems("memory: \"\(text)\"").count == 1)
  }
}
