package import Delivery

/// Times in logs and tables: ISO 8601, UTC, milliseconds.
package enum Timestamp {
    /// `2026-11-22T17:41:58.123Z`.
    ///
    /// Any value has a text; years beyond 9999 have more digits.
    package static func text(_ time: WallTime) -> String {
        let (days, rest) = floorDivide(time.milliseconds, 86_400_000)
        let date = CivilDate(daysSince1970: days)
        let seconds = rest / 1_000
        var text = padded(date.year, 4)
        text.reserveCapacity(32)
        append(date.month, after: "-", to: &text)
        append(date.day, after: "-", to: &text)
        append(seconds / 3_600, after: "T", to: &text)
        append(seconds / 60 % 60, after: ":", to: &text)
        append(seconds % 60, after: ":", to: &text)
        text += "."
        text += padded(rest % 1_000, 3)
        text += "Z"
        return text
    }

    /// Two digits.
    private static func append(_ number: Int64, after sign: String, to text: inout String) {
        text += sign
        text += padded(number, 2)
    }

    static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number.magnitude)
        if number >= 0, digits.utf8.count >= width { return digits }
        let zeros = String(repeating: "0", count: max(0, width - digits.utf8.count))
        return (number < 0 ? "-" : "") + zeros + digits
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> (Int64, Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: by)
        return rest < 0 ? (quotient - 1, rest + by) : (quotient, rest)
    }
}
