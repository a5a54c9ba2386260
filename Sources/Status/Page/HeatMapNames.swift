/// The names of a map's rows: beside the days, and on a narrow screen in two lines each.
struct HeatMapNames {
  private let lines: [HeatMap.Line]
  private let accountLength: Int
  private let placeLength: Int
  /// The width of a character.
  private let unit: Int

  private static let accountLimit = 16
  private static let placeLimit = 33

  init(_ lines: [HeatMap.Line], isTall: Bool) {
    self.lines = lines
    unit = isTall ? 8 : 7
    accountLength = min(lines.map(\.account.count).max() ?? 0, HeatMapNames.accountLimit)
    placeLength = min(lines.map { $0.place?.count ?? 0 }.max() ?? 0, HeatMapNames.placeLimit)
  }

  private var placeStart: Int { (accountLength + 1) * unit }

  var width: Int { placeLength == 0 ? placeStart : placeStart + (placeLength + 1) * unit }

  /// Where a narrow screen puts them, in pixels.
  var style: String {
    "--in:-\(placeStart)px;--narrow:\(min(width, (max(accountLength, placeLength) + 1) * 6))px"
  }

  func picture(rowHeight: Int, height: Int) -> HTML {
    let labels = lines.enumerated().map { number, line -> HTML in
      let y = HeatMap.axisHeight + (number + 1) * rowHeight - (rowHeight > 12 ? 6 : 3)
      let place = line.place.map { place -> HTML in
        """
        <text class="place" x="\(placeStart)" y="\(y)">\(cut(place, HeatMapNames.placeLimit))</text>
        """
      }
      return """
        <g class="name\(line.needsAttention ? " look" : "")"><text class="account" x="0" y="\(y)">\
        \(cut(line.account, HeatMapNames.accountLimit))</text>\(place ?? "")\
        <title>\(line.name): \(line.note)</title></g>
        """
    }
    return """
      <svg class="names\(placeLength > 0 ? " two" : "")" width="\(width)" height="\(height)">\(labels)</svg>
      """
  }

  private func cut(_ text: String, _ limit: Int) -> String {
    text.count > limit ? text.prefix(limit - 1) + "…" : text
  }
}
