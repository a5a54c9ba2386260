import Bytes
import Testing

struct LoneSurrogateTests {
  @Test(arguments: [
    (#"plain"#, false), (#"\u0041\n"#, false), (#"\ud83d\ude00"#, false), (#"\ud83d"#, true),
    (#"\ude00"#, true), (#"\ud83d\n"#, true), (#"\ud83d\ud83d\ude00"#, true), (#"\\ud83d"#, false),
    (#"é\uD83D\uDE00\uDE00"#, true),
  ])
  func `half a pair is found, a whole one is none`(content: String, isLone: Bool) {
    #expect(JSONText.hasLoneSurrogate(Array(content.utf8).span) == isLone)
  }
}
