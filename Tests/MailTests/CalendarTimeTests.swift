import Delivery
import Testing

@testable import Mail

@Suite struct CalendarTimeTests {
    @Test(
        arguments: [
            (0, "Thu, 1 Jan 1970 00:00:00 +0000"), (Int64.min, "Thu, 1 Jan 1970 00:00:00 +0000"),
            (-1, "Thu, 1 Jan 1970 00:00:00 +0000"), (999, "Thu, 1 Jan 1970 00:00:00 +0000"),
            (951_782_399_999, "Mon, 28 Feb 2000 23:59:59 +0000"),
            (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 +0000"),
            (1_795_369_265_000, "Sun, 22 Nov 2026 17:41:05 +0000"),
            (4_107_542_400_000, "Mon, 1 Mar 2100 00:00:00 +0000"),
            (253_402_300_799_999, "Fri, 31 Dec 9999 23:59:59 +0000"),
            (253_402_300_800_000, "Fri, 31 Dec 9999 23:59:59 +0000"),
            (Int64.max, "Fri, 31 Dec 9999 23:59:59 +0000"),
        ] as [(Int64, String)])
    func `is written as RFC 5322 has it`(_ milliseconds: Int64, _ text: String) {
        #expect(CalendarTime(WallTime(milliseconds: milliseconds)).headerText == text)
    }

    @Test func `is written short for readers`() {
        let time = CalendarTime(WallTime(milliseconds: 1_795_369_265_000))
        #expect(time.shortText == "2026-11-22 17:41 UTC")
    }

    /// Counts the days of 400 years one by one.
    @Test func `agrees with a calendar kept by hand`() {
        var (year, month, day, weekday) = (1970, 1, 1, 4)
        for days in 0..<146_097 {
            let time = CalendarTime(WallTime(milliseconds: Int64(days) * 86_400_000 + 86_399_999))
            let isSame = time.year == year && time.month == month && time.day == day
            #expect(isSame && time.weekday == weekday && time.hour == 23, "\(year)-\(month)-\(day)")
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            weekday = (weekday + 1) % 7
            day += 1
            if day > lengths[month - 1] { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
    }
}
