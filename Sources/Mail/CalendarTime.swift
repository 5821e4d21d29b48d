package import Delivery

/// A moment as year, month, day and time of day in UTC, and how mails write it.
///
/// Before 1970 and after 9999 it stays at the first and last second of that range: RFC 5322 wants
/// four digits, and a table may hold anything.
package struct CalendarTime: Hashable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int
    package let hour: Int
    package let minute: Int
    package let second: Int
    /// 0 is Sunday.
    package let weekday: Int

    private static let lastSecond: Int64 = 253_402_300_799  // 9999-12-31T23:59:59Z

    package init(_ time: WallTime) {
        let seconds = Int(min(max(time.milliseconds, 0) / 1_000, Self.lastSecond))
        let days = seconds / 86_400
        hour = seconds / 3_600 % 24
        minute = seconds / 60 % 60
        second = seconds % 60
        weekday = (days + 4) % 7  // 1970-01-01 was a Thursday.
        let date = CivilDate(daysSince1970: Int64(days))
        year = Int(date.year)
        month = Int(date.month)
        day = Int(date.day)
    }

    /// `Sun, 22 Nov 2026 17:41:05 +0000` (RFC 5322, section 3.3).
    package var headerText: String {
        String(decoding: bytes { $0.append(header: self) }, as: UTF8.self)
    }

    /// `2026-11-22 17:41 UTC`: the same to readers of every country.
    package var shortText: String {
        String(decoding: bytes { $0.append(short: self) }, as: UTF8.self)
    }

    private func bytes(_ write: (inout [UInt8]) -> Void) -> [UInt8] {
        var bytes: [UInt8] = []
        write(&bytes)
        return bytes
    }
}

extension [UInt8] {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    mutating func append(header time: CalendarTime) {
        append(text: Self.weekdays[time.weekday])
        append(text: ", ")
        append(decimal: time.day)
        append(0x20)
        append(text: Self.months[time.month - 1])
        append(0x20)
        append(decimal: time.year, digits: 4)
        append(0x20)
        append(hourAndMinute: time)
        append(0x3A)
        append(decimal: time.second, digits: 2)
        append(text: " +0000")
    }

    mutating func append(short time: CalendarTime) {
        append(decimal: time.year, digits: 4)
        append(0x2D)
        append(decimal: time.month, digits: 2)
        append(0x2D)
        append(decimal: time.day, digits: 2)
        append(0x20)
        append(hourAndMinute: time)
        append(text: " UTC")
    }

    private mutating func append(hourAndMinute time: CalendarTime) {
        append(decimal: time.hour, digits: 2)
        append(0x3A)
        append(decimal: time.minute, digits: 2)
    }
}
