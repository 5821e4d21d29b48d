import Delivery

/// Durations as the settings write them: `500ms`, `60s`, `5m`, `1h30m`, `2d`, and `0`.
package enum DurationText {
    /// The longest that any setting may be; keeps sums of times far from overflow.
    package static let longest: Duration = .seconds(3_650 * 86_400)

    /// From the largest unit to the smallest: the order in which they may follow each other.
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// Whole numbers with units, the larger unit first, each at most once.
    ///
    /// nil for anything else, and for more than ten years.
    package static func parse(_ text: String) -> Duration? {
        if text == "0" { return .zero }
        var rest = text.utf8[...]
        var left = units[...]
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { (0x61...0x7A).contains($0) }
            rest = rest.dropFirst(name.count)
            guard (1...15).contains(digits.count), let number = Int64(String(Substring(digits))),
                let index = left.firstIndex(where: { $0.name == String(Substring(name)) })
            else { return nil }
            let (part, overflow) = number.multipliedReportingOverflow(by: left[index].milliseconds)
            guard !overflow, part <= longest.inMilliseconds else { return nil }
            total += part  // At most five parts, each of ten years or less.
            left = left[(index + 1)...]
        }
        guard !text.isEmpty, total <= longest.inMilliseconds else { return nil }
        return .milliseconds(total)
    }

    /// A short way to write whole milliseconds: `1h30m`, `60s`, `500ms`, `0s`.
    ///
    /// Less than two minutes are written in seconds, as people say "60 seconds".
    package static func format(_ duration: Duration) -> String {
        var rest = max(0, duration.inMilliseconds)
        guard rest > 0 else { return "0s" }
        var text = ""
        let units = rest < 120_000 ? units.dropFirst(3) : units[...]
        for unit in units where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return text
    }
}
