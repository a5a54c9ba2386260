/// The formats that there are: the one list that names them.
public enum OutputFormats {
  /// Every format with its default options, in the order in which outputs of each come by default.
  public static let all: [any OutputFormat] = [NDJSON(), CSV(), XLSX()]

  /// The formats of a job that names no outputs.
  public static let defaults: [any OutputFormat] = [NDJSON(), CSV()]

  /// The format of a store of its own, where no output of the job can be it.
  static let store: any OutputFormat = NDJSON()

  /// The format of what says where the records of an output come from that cannot say so itself.
  static let sidecar: any OutputFormat = CSV(columns: ["eventID"])
}

extension [any OutputFormat] {
  /// The format that job files call `name`.
  public func named(_ name: String) -> (any OutputFormat)? {
    first { $0.name == name }
  }
}
