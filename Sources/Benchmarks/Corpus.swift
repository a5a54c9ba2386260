import ArgumentParser
import Bytes
import SampleTrails

/// A made-up trail to measure on, the same bytes wherever it is made.
struct Corpus {
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    /// A few files of 50 MB of JSON each.
    case big
    /// 500,000 events in about 9,000 files with a heavy tail; 15 % come again from a second trail.
    case realistic
    /// 40,000 files of six events.
    case tiny
  }

  /// What the cache folder and the report call it.
  let name: String
  let options: SampleTrailOptions

  init(_ kind: Kind, seed: UInt64) {
    var options: SampleTrailOptions =
      switch kind {
      case .big: .bigFiles(count: 6)
      case .realistic: .realistic(events: 500_000)
      case .tiny: .tinyFiles(count: 40_000)
      }
    options.seed = seed
    self.options = options
    name = kind.rawValue
  }

  /// A trail like `realistic` with another number of events, for scaling.
  init(events: Int, seed: UInt64) {
    var options = SampleTrailOptions.realistic(events: events)
    options.seed = seed
    self.options = options
    name = "realistic-\(events)"
  }

  /// The folder with the trail, made in `cache` unless it is there already with the same options.
  func folder(in cache: Path) throws -> Path {
    let own = cache.appending("trailmerge-corpus-\(name)")
    let trail = own.appending("trail")
    let marker = own.appending("options.txt")
    let description = Array(String(describing: options).utf8)
    if let present = try? FileSystem.contents(of: marker), present == description { return trail }
    printNote("making the corpus \(name) in \(own)")
    try FileSystem.removeTree(own)
    try FileSystem.createFolders(own)
    _ = try SampleTrail.write(options, to: trail.description)
    // Written last: a corpus that was interrupted is made again.
    try FileSystem.writeAtomically(description.span, to: marker)
    return trail
  }
}
