import TestSupport
import Testing
import Writing

struct FormatNamesTests {
  /// The sources that may not name a format; Benchmarks and SampleTrails are not part of the tool.
  private static func sources() throws -> [TreeFile] {
    let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let modules = [
      "Dataset", "JobFiles", "JobRunner", "Merging", "Segments", "Status", "Tables", "Verification",
      "Writing", "trailmerge",
    ]
    return try FileTree.read("/\(package)/Sources").filter { file in
      modules.contains { file.path.hasPrefix($0 + "/") }
        && !file.path.hasPrefix("Writing/Formats/") && file.path.hasSuffix(".swift")
    }
  }

  @Test("a format is named in Writing/Formats and nowhere else")
  func namedOnce() throws {
    let sources = try Self.sources()
    #expect(sources.count > 100)
    for format in OutputFormats.all {
      let type = try Regex("\\b\(type(of: format))(Encoder|Profile)?\\b")
      for file in sources {
        for line in String(decoding: file.bytes, as: UTF8.self).split(separator: "\n")
        where !line.drop(while: { $0 == " " }).hasPrefix("//") {
          // Query engines have names of their own for the shapes of tables.
          let isLiteral = line.contains("\"\(format.name)\"") && !file.path.hasPrefix("Tables/")
          #expect(!isLiteral && !line.contains(type), "\(file.path) names \(format.name): \(line)")
        }
      }
    }
  }

  @Test("formats have names that folders and file names can have, each its own")
  func names() {
    let names = OutputFormats.all.map(\.name)
    #expect(Set(names).count == names.count)
    for name in names { #expect(name.allSatisfy { $0.isLowercase && $0.isASCII }) }
    #expect(OutputFormats.defaults.map(\.name) == ["ndjson", "csv"])
  }
}
