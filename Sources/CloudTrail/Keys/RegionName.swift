/// The name of an AWS region: letters, digits and at least two dashes.
///
/// No list is kept, since regions and partitions are added every year.
public enum RegionName {
  public static func isOne(_ text: ArraySlice<UInt8>) -> Bool {
    var dashCount = 0
    for byte in text {
      if byte == UInt8(ascii: "-") {
        dashCount += 1
      } else if !isLowerLetterOrDigit(byte) {
        return false
      }
    }
    return dashCount >= 2
  }
}
