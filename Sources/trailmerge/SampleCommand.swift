import ArgumentParser
import Bytes
import SampleTrails

/// `trailmerge sample DIR`: something to try the other commands on, without AWS.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Writes a made-up but realistic tree of CloudTrail files.",
    discussion: """
      The same options always write the same bytes. DIR must be empty or not exist yet. With \
      digests, DIR also gets public-keys.json, as 'aws cloudtrail list-public-keys' prints it, and \
      signatures.json with the signatures of the newest digests.
      """)

  private static let defaults = SampleTrailOptions()

  @Argument(help: "The folder to write.")
  var folder: String

  @Option(help: "Distinct events.")
  var events = Self.defaults.events

  @Option(help: "Accounts; the first one's id begins with 0.")
  var accounts = Self.defaults.accounts

  @Option(help: "Regions, 1 to \(SampleTrailOptions.regionNames.count).")
  var regions = Self.defaults.regions

  @Option(help: "Days with events.")
  var days = Self.defaults.days

  @Option(help: "The first day.")
  var firstDay = Self.defaults.firstDay

  @Option(help: "Another seed, another tree.")
  var seed = Self.defaults.seed

  @Option(help: "Share of events that the organization's trail delivers again, 0 to 1.")
  var duplicateShare = Self.defaults.duplicateShare

  @Option(help: "Share of events that are delivered 1 to 20 days late, 0 to 0.5.")
  var lateShare = Self.defaults.lateShare

  @Option(help: "Extra records with the id of another record and other text.")
  var conflicts = Self.defaults.conflicts

  @Option(help: "Extra log files that are cut off.")
  var damagedFiles = Self.defaults.damagedFiles

  @Option(help: "Mean number of events in a file.")
  var eventsPerFile = Self.defaults.eventsPerFile

  @Flag(inversion: .prefixedNo, help: "Write signed digest files.")
  var digests = Self.defaults.digests

  @Flag(help: "Let some callers send formulas, terminal escapes and markup as their user agent.")
  var hostile = Self.defaults.hostile

  func run() throws {
    let path = Path(folder)
    if FileSystem.exists(path), try !OpenFolder(path).entries().isEmpty {
      throw ValidationError("'\(folder)' is not empty: choose a new folder for the sample tree")
    }
    do {
      throw show("\(try SampleTrail.write(options, to: folder))\n").exitCode
    } catch let error as SampleTrailError {
      throw ValidationError(error.description)
    }
  }

  private var options: SampleTrailOptions {
    var options = SampleTrailOptions()
    options.events = events
    options.accounts = accounts
    options.regions = regions
    options.days = days
    options.firstDay = firstDay
    options.seed = seed
    options.duplicateShare = duplicateShare
    options.lateShare = lateShare
    options.conflicts = conflicts
    options.damagedFiles = damagedFiles
    options.eventsPerFile = eventsPerFile
    options.digests = digests
    options.hostile = hostile
    return options
  }
}
