import Reading
import Testing

struct GlobTests {
  private func matches(_ pattern: String, _ text: [UInt8]) -> Bool {
    Glob(pattern).matches(text.span)
  }

  private func matches(_ pattern: String, _ text: String) -> Bool {
    matches(pattern, Array(text.utf8))
  }

  @Test(
    arguments: [
      ("Decrypt", "Decrypt"), ("Get*", "GetObject"), ("Get*", "Get"), ("*Object*", "GetObjectAcl"),
      ("*", ""), ("", ""), ("?", "é"), ("a?c", "a日c"), ("eu-*-[12]", "eu-west-2"),
      ("[a-c]x", "bx"), ("[!a-c]x", "dx"), ("[^a-c]x", "dx"), ("[]]", "]"), ("[a-]", "-"),
      (#"\*"#, "*"), (#"[\]]"#, "]"), ("[ab", "[ab"), ("a**b", "ab"), ("*a*b*c", "xaybzc"),
      ("[à-ü]", "é"), ("arn:aws:s3:::*/*", "arn:aws:s3:::b/k/l"), (#"end\"#, #"end\"#),
    ])
  func `a glob matches the whole text`(_ pattern: String, _ text: String) {
    #expect(matches(pattern, text))
  }

  @Test(
    arguments: [
      ("Decrypt", "decrypt"), ("Get", "GetObject"), ("Object", "GetObject"), ("?", ""),
      ("*??", "日"), ("[a-c]x", "dx"), ("[!a-c]x", "bx"), (#"\*"#, "x"), ("", "x"), ("[é]", "e"),
      ("*a*b*c", "xaybz"), ("us-*-1", "us-east-2"), ("[c-a]", "b"),
    ])
  func `a glob leaves other texts`(_ pattern: String, _ text: String) {
    #expect(!matches(pattern, text))
  }

  @Test func `a byte that is not UTF-8 is one character that no bracket names`() {
    let text: [UInt8] = [0x61, 0xFF, 0x62]
    #expect(matches("a?b", text))
    #expect(matches("a[!x]b", text))
    #expect(!matches("a[\u{FF}]b", text))
  }

  @Test func `many stars over a long text take no time`() {
    let text = Array(String(repeating: "a", count: 100_000).utf8)
    #expect(!matches("*a*a*a*a*a*a*b", text))
  }
}
