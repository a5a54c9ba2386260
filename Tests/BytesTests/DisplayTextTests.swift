import Bytes
import Testing

struct DisplayTextTests {
  @Test(
    "numbers are rounded to their decimals",
    arguments: [
      (0, 1, "0.0"), (0.04, 1, "0.0"), (0.05, 1, "0.1"), (9.96, 1, "10.0"), (59.94, 1, "59.9"),
      (0, 3, "0.000"), (1.0005, 3, "1.001"), (0.0123, 3, "0.012"), (86_400.9, 3, "86400.900"),
    ])
  func decimals(number: Double, digits: Int, text: String) {
    #expect(decimal(number, digits: digits) == text)
  }
}
