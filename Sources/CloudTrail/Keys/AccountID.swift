/// The id of an AWS account: twelve digits, as text, since leading zeros count.
public enum AccountID {
  public static func isOne(_ text: ArraySlice<UInt8>) -> Bool {
    text.count == 12 && text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
