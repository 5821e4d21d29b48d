package import Delivery

/// Times in logs and tables: ISO 8601, UTC, milliseconds.
package enum Timestamp {
    /// `2026-11-22T17:41:58.123Z`.
    ///
    /// Any value has a text; years beyond 9999 have more digits.
    package static func text(_ time: WallTime) -> String {
        let (days, rest) = floorDivide(time.milliseconds, 86_400_000)
        let (year, month, day) = civil(days)
        let seconds = rest / 1_000
        var text = padded(year, 4)
        text.reserveCapacity(32)
        append(month, after: "-", to: &text)
        append(day, after: "-", to: &text)
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

    /// Year, month and day of a day since 1970-01-01 in the Gregorian calendar, by counting years
    /// from March so that the leap day is the last (Howard Hinnant, "days from civil").
    private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(day + 719_468, 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * march + 2) / 5 + 1)
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> (Int64, Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: by)
        return rest < 0 ? (quotient - 1, rest + by) : (quotient, rest)
    }
}
