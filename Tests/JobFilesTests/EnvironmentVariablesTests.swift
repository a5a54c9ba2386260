import JobFiles
import Testing

struct EnvironmentVariablesTests {
  @Test(
    "variables are expanded in values",
    arguments: [
      ("${MIRROR}", "/mirror"), ("a${MIRROR}b${MIRROR}", "a/mirrorb/mirror"),
      ("${NOPE:-fallback}", "fallback"), ("${EMPTY:-fallback}", "fallback"), ("x${EMPTY}", "x"),
      ("x${NOPE:-}", "x"), ("$MIRROR $5", "$MIRROR $5"), ("$${MIRROR}", "${MIRROR}"),
    ])
  func expands(written: String, name: String) throws {
    #expect(try job("name: \"\(written)\"").name == name)
  }

  @Test(
    "what cannot be expanded is an error with its line",
    arguments: [
      ("${NOPE}", "the environment variable NOPE is not set; ${NOPE:-default} gives it a default"),
      ("${}", "expected ${NAME} or ${NAME:-default}; write $${ for ${ itself"),
      ("${MIRROR", "expected ${NAME} or ${NAME:-default}; write $${ for ${ itself"),
      ("${MIRROR-x}", "expected ${NAME} or ${NAME:-default}; write $${ for ${ itself"),
    ])
  func refuses(written: String, message: String) {
    #expect(problems("name: \"\(written)\"") == ["jobs/test.yaml:3:7: name: " + message])
  }

  @Test("a variable's value never becomes a key")
  func valuesAreNoYAML() {
    #expect(problems("name: ${TRICK}").count == 1)
    #expect(throws: Never.self) { try job("select: { include: [{ a: \"${TRICK}\" }] }") }
  }

  @Test("flags are not expanded again: the shell has done it")
  func flagsStayAsTheyAre() throws {
    let name = JobOverride(flag: "--name", key: "name", values: ["${MIRROR}"])
    #expect(try job("", overrides: [name]).name == "${MIRROR}")
  }
}
