/// The id of an AWS organization: `o-` and letters and digits.
///
/// Real ones have 12 to 34 characters, copies made for tests are shorter.
public enum OrganizationID {
  public static func isOne(_ text: ArraySlice<UInt8>) -> Bool {
    text.count > 2 && text.starts(with: "o-".utf8)
      && text.dropFirst(2).allSatisfy(isLowerLetterOrDigit)
  }
}

func isLowerLetterOrDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
