import CloudTrail

extension HeatMap {
  /// Crosses past which they have no tips and are drawn as one.
  private static let crossLimit = 1000

  /// A cross over each square on one of whose days the digests and what is there disagree: a shape,
  /// since not everybody can tell colours apart.
  func crosses(_ scale: Strip.Scale) -> HTML {
    let arm = rowHeight > 12 ? 4 : 3
    let places = lines.indices.flatMap { place in
      lines[place].strip.isInvalid.indices.filter { lines[place].strip.isInvalid[$0] }
        .map { step in (line: place, step: step) }
    }
    let shapes = places.map { line, step in
      let x = HeatMap.margin + step * stepWidth + (stepWidth - (stepWidth > 5 ? 2 : 0)) / 2 - arm
      let y = HeatMap.axisHeight + line * rowHeight + (rowHeight - 2) / 2 - arm
      return "M\(x) \(y)l\(2 * arm) \(2 * arm)m0-\(2 * arm)l-\(2 * arm) \(2 * arm)"
    }
    guard places.count <= HeatMap.crossLimit else {
      return "<path class=\"cross\" d=\"\(shapes.joined())\"/>"
    }
    let crosses = zip(places, shapes).map { place, shape -> HTML in
      let line = lines[place.line]
      let complaints = scale.days(of: place.step).compactMap { day in
        line.invalid[day].map { "\(day): \($0)" }
      }
      return """
        <g><path class="halo" d="\(shape)"/><path class="cross" d="\(shape)"/>\
        <title>\(line.name), \(complaints.prefix(5).joined(separator: "; "))</title></g>
        """
    }
    return "\(crosses)"
  }
}
