internal import Delivery

/// A moment by the clocks of a place, with the zone's name.
struct ZonedTime {
    let time: CalendarTime
    /// `CET`, or `UTC-3` where the zone has no name that people use.
    let zone: String

    /// - Parameter rules: nil: UTC.
    init(_ moment: WallTime, _ rules: ZoneRules?) {
        guard let kind = rules?.kind(at: moment) else {
            time = CalendarTime(moment)
            zone = "UTC"
            return
        }
        time = CalendarTime(moment + .seconds(kind.offset))
        let hasName =
            kind.abbreviation.utf8.first.map { (0x41...0x5A).contains($0 & 0xDF) } ?? false
        zone = hasName ? kind.abbreviation : Self.offsetName(kind.offset)
    }

    private static func offsetName(_ seconds: Int) -> String {
        let minutes = abs(seconds) / 60
        let sign = seconds < 0 ? "-" : "+"
        let rest = minutes % 60
        return "UTC\(sign)\(minutes / 60)" + (rest == 0 ? "" : ":\(rest < 10 ? "0" : "")\(rest)")
    }
}
