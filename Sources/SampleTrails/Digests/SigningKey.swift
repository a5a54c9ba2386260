import Foundation
import _CryptoExtras

/// Signs sample digests (RSA, PKCS #1 v1.5, SHA-256: "SHA256withRSA").
///
/// The private key below is public: it protects nothing and must never be trusted for anything but
/// sample trees. It is fixed so that the same options give the same signatures.
struct SigningKey {
  /// Names the key in digests and in the list of public keys; how AWS makes it is not documented.
  static let fingerprint = "a4c123b1612dd272d1371c17149d4395"

  private let key: _RSA.Signing.PrivateKey

  init() throws {
    key = try _RSA.Signing.PrivateKey(pemRepresentation: Self.testKey)
  }

  /// - Returns: the signature of `text` in lower-case hexadecimal digits.
  func sign(_ text: String) throws -> String {
    let signature = try key.signature(for: Data(text.utf8), padding: .insecurePKCS1v1_5)
    var hex = ""
    for byte in signature.rawRepresentation {
      if byte < 16 { hex += "0" }
      hex += String(byte, radix: 16)
    }
    return hex
  }

  /// What `aws cloudtrail list-public-keys` prints: the key as base64 of a PKCS #1 `RSAPublicKey`.
  func publicKeyList(around time: UTCTime) throws -> [UInt8] {
    let value = key.publicKey.pkcs1DERRepresentation.base64EncodedString()
    return Array(
      """
      {
          "PublicKeyList": [
              {
                  "Value": "\(value)",
                  "ValidityStartTime": "\((time - 15 * UTCTime.secondsPerDay).timestamp)",
                  "ValidityEndTime": "\((time + 365 * UTCTime.secondsPerDay).timestamp)",
                  "Fingerprint": "\(Self.fingerprint)"
              }
          ]
      }

      """.utf8)
  }

  private static let testKey = """
    -----BEGIN RSA PRIVATE KEY-----
    MIIEowIBAAKCAQEAlTaUMaPWnrZQLa2nxtvOEL/12HxjSD/xpBX14HaDZAda+GUf
    m1wWY0Io0vVDxDY02udTGb7KLqbpKEjzdJBH6LqmgzuLKBullk2cxOiNHOIUHanP
    +qLvc4cqMiBEpEEzOYLDe1JAb1ypfdc8/iyfzcz/iwfisv9Vv3Bn+8p4wj6jslLy
    liJ5EMn6lKaqSL4e9Bb98o0oTEVucXeymLwqweQiYIZ34MDo0HYWT5/gOdGw5I1n
    TMd3pbOfS+cnd/ZC7bdwiEfqZ1Hwqc3dMsVM5CpZetG/WnROWrdSqNpE3T0OKbLl
    EIv6USACHC9Xuf4UEg3t3DubJ+iwqrXLBZVUWQIDAQABAoIBABJ53qHC6sleQ9FU
    Jmk+QGbcjiGPTW/d0xsBSR/RLPXO31nQk7hWD8OcppdwnUKHf8X3TNfsQvbB3i8J
    0XOGhhDwQ7wOPG3r9nYFCDttnEOOTvVZWJJtaH8CppvsWPOJy0D8yx3TEn13mNkn
    NLs4ZVVDZAUgJdcKPODml0mbSZaroItU02KvBKge5OSD+JiVyiob8mt+uIrNkgHt
    T+087YfAKLgFfz/Vo7kO3Mm2eDLy1AkVcSU1DOb+wmc2Il3U0vSigHjllsFXgty2
    0Vtwz0fzFwyh27DhE4ir/Pseoum9q1sDOUMnzihPXj4j3AzyCeg3BlvYdYX6MfuZ
    FvHYhQECgYEAxjNmaK/gnBijQIH9PiEXCH6DVt2aP0V1YxiHMRIJU/IL/HJxIb4B
    fkred2Vdv6VmqT38Q5oxg833X3wF6gNWiSvlS04cGCXI747NbCPZ9FA5YB6DPHCQ
    j8srkbu1c+O7nL4uqlE4S34tjkmrhx6CRYjvL5sf/8OITKJalE6hWCECgYEAwLoH
    zcV/z04pSB0rzPwzcjMi44LSKe7NXmzd5evfdASxzejW/fPnlrph9wmzuqPHxvOW
    pyGnpYr2OB2X8HObwenGoKf7kOzjMHsyeN+oSXFzAkP0qB2Bz5qSGvz+A1evZz2R
    B1ib+keW6yWS20a3Hm9ZRoIBOPQERrNuSEGuFTkCgYBjaQ55fZWT1Yu0ZD6HtgMe
    gI4RuK6QA5+gJ4JPa3OARkwav6/cs7d+B8FTc2U1JZm7U1q+8YzaRilIHCW/PRNf
    U8P7JF9VAUaqWR7RmZ3NO5u7iTJb0z2+0bG1s8eMK/JC6OTxCjHJM61Xy72b1QKU
    K92ELDM9jm5Dub7i2hl04QKBgCoSso9uVSeJdaOjkqNOT2DX3v7x2TWER1scwxhl
    dMOcHsDH2t9XtrAGAkru2EifZoZ9ON9FjpaqDnRTqY65fkBH66+43EdYH4S+8FbI
    5LEbzjKpaSimQGd04/52SnGqW8VbAGUtJ+fsZvrwme26s1E2l7O3v9KSGrjghOvL
    QtipAoGBALZdEyaqr/t0Y+Rbfn+dEAe+UpTseH4obo1xobgph/ijpYiQAN12QjMI
    V1FNRL32qlhkb7w/pX4lMUV73jzhfmd8QRs+KYy+wA6hJRj6iCTP61PnhCV4UAp0
    JZKR5HZ6rCGetNxhYMMtaEg5wJXOKFYe2oo3W5ohmx1Xn6ED9ch9
    -----END RSA PRIVATE KEY-----
    """
}
