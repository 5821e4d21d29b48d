/// How a language writes a moment: CLDR's medium date with its short time, with the month as a word where
/// that is usual.
struct DateStyle: Sendable {
    private enum Part {
        case text(String)
        case day, month, monthName, year, hour, hourOfTwoDigits, hourOfTwelve, minute, dayPeriod
    }

    /// Twelve, as they stand within a date; empty where the pattern has the month as a number.
    var months: [String]
    /// Before and after noon, for `a`.
    var dayPeriods: [String]
    /// The first of a month, where that is not "1".
    private let firstDay: String
    private let zones: ZoneNames
    private var parts: [Part] = []
    /// What the pattern holds in braces and is no field.
    private(set) var unknownFields: [String] = []

    /// - Parameter pattern: `d`, `M`, `MMM`, `y`, `H`, `HH`, `h`, `mm` and `a` as in CLDR
    ///   (https://unicode.org/reports/tr35/tr35-dates.html#Date_Field_Symbol_Table), each in braces.
    init(
        months: [String] = [], dayPeriods: [String] = [], firstDay: String = "1", pattern: String,
        zones: ZoneNames = .usual
    ) {
        self.months = months
        self.dayPeriods = dayPeriods
        self.firstDay = firstDay
        self.zones = zones
        var rest = pattern[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            let name = String(rest[rest.index(after: open)..<close])
            if let field = Self.field(name) {
                parts.append(field)
            } else {
                unknownFields.append(name)
            }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
    }

    private static func field(_ name: String) -> Part? {
        switch name {
        case "d": .day
        case "M": .month
        case "MMM": .monthName
        case "y": .year
        case "H": .hour
        case "HH": .hourOfTwoDigits
        case "h": .hourOfTwelve
        case "mm": .minute
        case "a": .dayPeriod
        default: nil
        }
    }

    func append(_ time: CalendarTime, to bytes: inout [UInt8]) {
        for part in parts { append(part, of: time, to: &bytes) }
    }

    /// With its zone behind it.
    func append(_ time: ZonedTime, to bytes: inout [UInt8]) {
        append(time.time, to: &bytes)
        bytes.append(0x20)
        bytes.append(text: zones.text(time.abbreviation, offset: time.offset))
    }

    private func append(_ part: Part, of time: CalendarTime, to bytes: inout [UInt8]) {
        switch part {
        case .text(let text): bytes.append(text: text)
        case .day where time.day == 1: bytes.append(text: firstDay)
        case .day: bytes.append(decimal: time.day)
        case .month: bytes.append(decimal: time.month)
        case .monthName:
            if months.indices.contains(time.month - 1) {
                bytes.append(text: months[time.month - 1])
            }
        case .year: bytes.append(decimal: time.year)
        case .hour: bytes.append(decimal: time.hour)
        case .hourOfTwoDigits: bytes.append(decimal: time.hour, digits: 2)
        case .hourOfTwelve: bytes.append(decimal: (time.hour + 11) % 12 + 1)
        case .minute: bytes.append(decimal: time.minute, digits: 2)
        case .dayPeriod:
            if dayPeriods.count == 2 { bytes.append(text: dayPeriods[time.hour / 12]) }
        }
    }
}
