internal import Delivery

/// The rule at the end of a zone's file, such as `CET-1CEST,M3.5.0,M10.5.0/3` (POSIX, "TZ"; RFC 8536, section
/// 3.3.1): what holds after the last transition that the file lists.
struct PosixZone: Hashable, Sendable {
    private struct Change: Hashable, Sendable {
        enum Day: Hashable, Sendable {
            /// 1 to 365; the 29th of February does not count.
            case julian(Int)
            /// 0 to 365.
            case ordinal(Int)
            /// The week is 1 to 5, where 5 is the last one; 0 is Sunday.
            case weekday(month: Int, week: Int, day: Int)
        }
        var day: Day
        /// Seconds after midnight, by the clock that is in force until then.
        var time: Int
    }

    private let standard: ZoneRules.Kind
    private let summer: (kind: ZoneRules.Kind, from: Change, until: Change)?

    init?(_ text: String) {
        var reader = PosixZoneReader(text)
        guard let name = reader.name(), let west = reader.offset() else { return nil }
        standard = ZoneRules.Kind(offset: -west, abbreviation: name)
        guard !reader.isAtEnd else {
            summer = nil
            return
        }
        guard let summerName = reader.name() else { return nil }
        let summerWest = reader.isAt(",") ? west - 3_600 : reader.offset()
        guard let summerWest, let from = Self.change(&reader), let until = Self.change(&reader),
            reader.isAtEnd
        else { return nil }
        summer = (
            ZoneRules.Kind(offset: -summerWest, abbreviation: summerName), from, until
        )
    }

    /// - Parameter seconds: since the epoch.
    func kind(at seconds: Int64) -> ZoneRules.Kind {
        guard let summer else { return standard }
        let date = CivilDate(daysSince1970: (seconds + Int64(standard.offset)).flooredDays)
        let from = Self.seconds(of: summer.from, in: date.year) - Int64(standard.offset)
        let until = Self.seconds(of: summer.until, in: date.year) - Int64(summer.kind.offset)
        // South of the equator summer goes over the turn of the year.
        let isSummer =
            from < until
            ? (from..<until).contains(seconds) : !(until..<from).contains(seconds)
        return isSummer ? summer.kind : standard
    }

    private static func change(_ reader: inout PosixZoneReader) -> Change? {
        guard reader.take(","), let day = day(&reader) else { return nil }
        guard reader.take("/") else { return Change(day: day, time: 7_200) }
        return reader.offset().map { Change(day: day, time: $0) }
    }

    private static func day(_ reader: inout PosixZoneReader) -> Change.Day? {
        if reader.take("M") {
            guard let month = reader.number(1...12), reader.take("."),
                let week = reader.number(1...5), reader.take("."), let day = reader.number(0...6)
            else { return nil }
            return .weekday(month: month, week: week, day: day)
        }
        if reader.take("J") { return reader.number(1...365).map(Change.Day.julian) }
        return reader.number(0...365).map(Change.Day.ordinal)
    }

    /// By the clock of the place, counted as if it were UTC.
    private static func seconds(of change: Change, in year: Int64) -> Int64 {
        days(of: change.day, in: year) * 86_400 + Int64(change.time)
    }

    private static func days(of day: Change.Day, in year: Int64) -> Int64 {
        let newYear = CivilDate.daysSince1970(year: year, month: 1, day: 1)
        switch day {
        case .ordinal(let number): return newYear + Int64(number)
        case .julian(let number):
            let march = CivilDate.daysSince1970(year: year, month: 3, day: 1)
            let isLeap = march - newYear == 60
            return newYear + Int64(number) - (isLeap && number >= 60 ? 0 : 1)
        case .weekday(let month, let week, let day):
            let first = CivilDate.daysSince1970(year: year, month: Int64(month), day: 1)
            let next = CivilDate.daysSince1970(
                year: month == 12 ? year + 1 : year, month: Int64(month % 12 + 1), day: 1)
            // 1970-01-01 was a Thursday.
            let weekday = ((first + 4) % 7 + 7) % 7
            var found = first + (Int64(day) - weekday + 7) % 7 + Int64(week - 1) * 7
            if found >= next { found -= 7 }
            return found
        }
    }
}

extension PosixZone {
    static func == (one: PosixZone, other: PosixZone) -> Bool {
        one.standard == other.standard && one.summer?.kind == other.summer?.kind
            && one.summer?.from == other.summer?.from && one.summer?.until == other.summer?.until
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(standard)
        hasher.combine(summer?.kind)
    }
}

extension Int64 {
    fileprivate var flooredDays: Int64 { self >= 0 ? self / 86_400 : (self - 86_399) / 86_400 }
}
