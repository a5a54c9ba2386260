import Bytes
import Dataset

/// The balance sheet of the last run, and the runs before it.
struct BalanceSection {
  private let status: Status

  init(_ status: Status) {
    self.status = status
  }

  var balance: HTML {
    guard let run = status.lastRun else { return "" }
    let failures = run.failures.prefix(20).map { failure -> HTML in
      "<li><code>\(failure.path)</code> \(failure.reason)</li>"
    }
    let list: HTML =
      failures.isEmpty ? "" : "<h3>Failed</h3><ul class=\"failures\">\(failures)</ul>"
    return """
      <section><h2>Balance of the last run</h2>\
      \(sheet("Files", run.counts.files.balance))\(sheet("Records", run.counts.records.balance))\
      \(list)</section>
      """
  }

  /// The total, and what it is made of.
  private func sheet(_ title: String, _ balance: BalanceSheet) -> HTML {
    let terms = balance.terms.filter { $0.count > 0 || $0.name == "failed" }
    let rows = terms.map { term -> HTML in
      let isBad = (term.name == "failed" || term.name == "rejected") && term.count > 0
      return """
        <tr\(isBad ? " class=\"bad\"" as HTML : "")><td>\(term.name)</td><td class="n">\(grouped(term.count))</td></tr>
        """
    }
    let (total, closes) = (balance.total, balance.closes)
    return """
      <table class="sheet"><thead><tr><th>\(title) \(total.name)</th>\
      <th class="n">\(grouped(total.count))</th></tr></thead><tbody>\(rows)</tbody>\
      <tfoot><tr><td>\(closes ? "closes" : "does not close")</td><td class="n">\(closes ? "✓" : "✗")</td></tr></tfoot></table>
      """
  }

  var runs: HTML {
    let runs = status.history.runs.prefix(14)
    guard !runs.isEmpty else { return "" }
    let rows = runs.map { run -> HTML in
      let kind = run.status == .complete ? "good" : run.status == .incomplete ? "warn" : "bad"
      let word = run.status == .complete && !run.isCommitted ? "nothing new" : run.verdict
      return """
        <tr><td>\(readable(run.started))</td><td><span class="dot \(kind)"></span>\(word)</td>\
        <td class="n">\(grouped(run.counts.files.read))</td><td class="n">\(grouped(run.counts.records.written))</td>\
        <td class="n">\(grouped(run.counts.records.duplicates))</td><td class="n">\(decimal(run.seconds)) s</td></tr>
        """
    }
    return """
      <section><h2>Last runs</h2><div class="scroll"><table><thead><tr><th>Started</th><th>Ended</th>\
      <th class="n">Files</th><th class="n">Written</th><th class="n">Duplicates</th>\
      <th class="n">Took</th></tr></thead><tbody>\(rows)</tbody></table></div></section>
      """
  }
}
