import ArgumentParser
import JobFiles

/// Flags that select by time, path and account: for runs, and for what is to be fetched for them.
struct SelectionFlags: ParsableArguments {
  @Option(help: .key("select.from", value: "time")) var from: String?
  @Option(help: .key("select.to", value: "time")) var to: String?
  @Option(help: .key("select.deliveredFrom", value: "date")) var deliveredFrom: String?
  @Option(help: .key("select.deliveredTo", value: "date")) var deliveredTo: String?
  @Option(help: .key("select.accounts", value: "id,…")) var accountID: [String] = []
  @Option(help: .key("select.regions", value: "region,…")) var region: [String] = []
  @Option(help: .key("select.orgIDs", value: "id,…")) var orgID: [String] = []

  /// What the flags given change.
  var overrides: [JobOverride] {
    [
      JobOverride("--from", "select.from", from),
      JobOverride("--to", "select.to", to),
      JobOverride("--delivered-from", "select.deliveredFrom", deliveredFrom),
      JobOverride("--delivered-to", "select.deliveredTo", deliveredTo),
      JobOverride("--account-id", "select.accounts", list: accountID),
      JobOverride("--region", "select.regions", list: region),
      JobOverride("--org-id", "select.orgIDs", list: orgID),
    ].compactMap { $0 }
  }
}
