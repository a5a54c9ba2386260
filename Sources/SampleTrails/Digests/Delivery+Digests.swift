import Bytes

extension Delivery {
  /// Writes the digest files of every chain, the public key and the newest digests' signatures.
  mutating func writeDigests() throws {
    let key = try SigningKey()
    var signatures = JSONWriter()
    var newest: [DigestChain.Digest] = []
    for place in places.indices.prefix(options.accountRegionsWithDigests) {
      for trail in Trail.allCases {
        for isBackfill in [false, true] {
          let id = DigestChain.ID(place: place, trail: trail, isBackfill: isBackfill)
          if let digest = try writeChain(id, key: key) { newest.append(digest) }
        }
      }
    }
    signatures.object { object in
      for digest in newest { object.field(digest.path, digest.signature) }
    }
    try tree.write(signatures.bytes, to: "signatures.json")
    try tree.write(try key.publicKeyList(around: start), to: "public-keys.json")
  }

  /// - Returns: the newest digest, which no other one signs.
  private mutating func writeChain(
    _ id: DigestChain.ID, key: SigningKey
  ) throws -> DigestChain.Digest? {
    var chain = DigestChain(
      id: id, account: maker.accounts[places[id.place].account].id, region: places[id.place].region,
      options: options, key: key)
    let entries = (listed[id] ?? []).sorted { ($0.delivered, $0.path) < ($1.delivered, $1.path) }
    // Digests do not begin on the hour, and each chain has its own minute.
    let offset = 61 + (id.place * 37 + id.trail.rawValue * 53) % 180
    let hours = id.isBackfill ? backfillHours(entries, offset) : Array(0...(options.days * 24))
    var next = 0
    for hour in hours {
      let begin = start + offset + (hour - 1) * 3_600
      let end = begin + 3_600
      var due: [DigestChain.LogEntry] = []
      while next < entries.count, entries[next].delivered < end {
        due.append(entries[next])
        next += 1
      }
      let digest = try chain.append(due, from: begin, to: end)
      _ = try tree.write(gzipping: digest.document, to: digest.path)
      count(digestFiles: 1)
    }
    return chain.newest
  }

  /// The hours with late files, each once.
  private func backfillHours(_ entries: [DigestChain.LogEntry], _ offset: Int) -> [Int] {
    var hours: [Int] = []
    for entry in entries {
      let hour = (entry.delivered.seconds - start.seconds - offset) / 3_600 + 1
      if hours.last != hour { hours.append(hour) }
    }
    return hours
  }
}
