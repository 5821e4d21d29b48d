/// Goes through a file of RFC 8536, section 3; whatever does not fit ends it with nil.
struct ZoneFileReader {
    struct Header {
        /// ASCII; `2` and more have the second part, with times of 64 bits.
        var version: UInt8
        var utIndicators: Int
        var standardIndicators: Int
        var leapSeconds: Int
        var times: Int
        var kinds: Int
        var characters: Int

        /// Octets of what follows the header.
        func length(timeLength: Int) -> Int {
            times * (timeLength + 1) + kinds * 6 + characters + leapSeconds * (timeLength + 4)
                + standardIndicators + utIndicators
        }
    }

    struct Body {
        var transitions: [Int64]
        var kinds: [ZoneRules.Kind]
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func header() -> Header? {
        guard let start = take(20), start.starts(with: "TZif".utf8) else { return nil }
        let version = start[start.startIndex + 4]
        var counts: [Int] = []
        for _ in 0..<6 {
            guard let count = number(4), (0...Int64(ZoneRules.maximumLength)).contains(count)
            else { return nil }
            counts.append(Int(count))
        }
        guard counts[4] > 0 else { return nil }
        return Header(
            version: version, utIndicators: counts[0], standardIndicators: counts[1],
            leapSeconds: counts[2], times: counts[3], kinds: counts[4], characters: counts[5])
    }

    mutating func skip(_ length: Int) -> Bool { take(length) != nil }

    mutating func body(_ header: Header) -> Body? {
        guard header.length(timeLength: 8) <= rest.count else { return nil }
        let times = (0..<header.times).compactMap { _ in number(8) }
        guard let indices = take(header.times).map(Array.init) else { return nil }
        let offsets = (0..<header.kinds).compactMap { _ in offset() }
        guard let names = take(header.characters),
            skip(header.leapSeconds * 12 + header.standardIndicators + header.utIndicators)
        else { return nil }
        let kinds = offsets.compactMap { Self.kind($0, names) }
        guard times.count == header.times, kinds.count == header.kinds,
            indices.allSatisfy({ Int($0) < kinds.count }),
            zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        return Body(transitions: times, kinds: [kinds[0]] + indices.map { kinds[Int($0)] })
    }

    /// The rule for the time after the last transition, between two line breaks.
    mutating func footer() -> String? {
        guard rest.first == 0x0A, let end = rest.dropFirst().firstIndex(of: 0x0A) else {
            return nil
        }
        return String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
    }

    // MARK: Parts

    private mutating func offset() -> (seconds: Int, name: Int)? {
        guard let seconds = number(4), (-93_600...93_600).contains(seconds), skip(1),
            let name = take(1)?.first
        else { return nil }
        return (Int(seconds), Int(name))
    }

    /// Names stand one behind the other, each ended by NUL.
    private static func kind(
        _ offset: (seconds: Int, name: Int), _ names: ArraySlice<UInt8>
    ) -> ZoneRules.Kind? {
        let name = names.dropFirst(offset.name).prefix { $0 != 0 }
        guard (1...8).contains(name.count), name.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        return ZoneRules.Kind(
            offset: offset.seconds, abbreviation: String(decoding: name, as: UTF8.self))
    }

    /// Big-endian, in two's complement.
    private mutating func number(_ length: Int) -> Int64? {
        guard let octets = take(length), let first = octets.first else { return nil }
        var value: Int64 = first >= 0x80 ? -1 : 0
        for octet in octets { value = value << 8 | Int64(octet) }
        return value
    }

    private mutating func take(_ length: Int) -> ArraySlice<UInt8>? {
        guard length >= 0, length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }
}
