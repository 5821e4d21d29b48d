package import Delivery

/// Times in logs and tables: ISO 8601, UTC, milliseconds.
package enum Timestamp {
    /// `2026-11-22T17:41:58.123Z`.
    ///
    /// Any value has a text; years beyond 9999 have more digits.
    package static func text(_ time: WallTime) -> String {
        var bytes: [UInt8] = []
        append(time, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends ``text(_:)``.
    static func append(_ time: WallTime, to bytes: inout [UInt8]) {
        let (days, rest) = floorDivide(time.milliseconds, 86_400_000)
        let date = CivilDate(daysSince1970: days)
        let seconds = rest / 1_000
        if date.year < 0 { bytes.append(UInt8(ascii: "-")) }
        append(date.year.magnitude, 4, to: &bytes)
        append(date.month, after: "-", to: &bytes)
        append(date.day, after: "-", to: &bytes)
        append(seconds / 3_600, after: "T", to: &bytes)
        append(seconds / 60 % 60, after: ":", to: &bytes)
        append(seconds % 60, after: ":", to: &bytes)
        bytes.append(UInt8(ascii: "."))
        append((rest % 1_000).magnitude, 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Two digits.
    private static func append(
        _ number: Int64, after sign: Unicode.Scalar, to bytes: inout [UInt8]
    ) {
        bytes.append(UInt8(ascii: sign))
        append(number.magnitude, 2, to: &bytes)
    }

    /// At least `digits` digits, filled with zeros.
    static func append(_ number: UInt64, _ digits: Int, to bytes: inout [UInt8]) {
        var power: UInt64 = 1
        var width = 1
        while number / power >= 10 || width < digits {
            power *= 10
            width += 1
        }
        while power > 0 {
            bytes.append(0x30 + UInt8(number / power % 10))
            power /= 10
        }
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> (Int64, Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: by)
        return rest < 0 ? (quotient - 1, rest + by) : (quotient, rest)
    }
}
