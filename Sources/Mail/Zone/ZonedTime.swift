internal import Delivery

/// A moment by the clocks of a place.
struct ZonedTime {
    let time: CalendarTime
    /// What the zone's file calls it, such as `CET` or `-03`; nil: UTC.
    let abbreviation: String?
    /// From UTC, in seconds.
    let offset: Int

    /// - Parameter rules: nil: UTC.
    init(_ moment: WallTime, _ rules: ZoneRules?) {
        let kind = rules?.kind(at: moment)
        offset = kind?.offset ?? 0
        abbreviation = kind?.abbreviation
        time = CalendarTime(moment + .seconds(offset))
    }
}
