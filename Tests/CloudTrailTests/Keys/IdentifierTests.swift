import CloudTrail
import Testing

/// Ids and names that tell the segments of a key apart.
struct IdentifierTests {
  private func bytes(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

  @Test(
    "an account has twelve digits and nothing else",
    arguments: [
      ("012345678910", true), ("000000000000", true), ("12345678910", false),
      ("0123456789101", false), ("01234567891a", false), ("", false), ("０12345678910", false),
    ])
  func accounts(text: String, isOne: Bool) {
    #expect(AccountID.isOne(bytes(text)) == isOne)
  }

  @Test(
    "an organization begins with o- and has small letters and digits",
    arguments: [
      ("o-ab12cd34ef", true), ("o-a", true), ("o-", false), ("o-AB", false), ("o-ab-12", false),
      ("ou-ab12", false), ("a-ab12cd34ef", false), ("o-old logs", false), ("", false),
    ])
  func organizations(text: String, isOne: Bool) {
    #expect(OrganizationID.isOne(bytes(text)) == isOne)
  }

  @Test(
    "a region has small letters, digits and two dashes or more",
    arguments: [
      ("us-east-1", true), ("eusc-de-east-1", true), ("us-iso-east-1", true), ("us-east", false),
      ("US-east-1", false), ("us_east-1-2", false), ("", false), ("--", true),
    ])
  func regions(text: String, isOne: Bool) {
    #expect(RegionName.isOne(bytes(text)) == isOne)
  }
}
