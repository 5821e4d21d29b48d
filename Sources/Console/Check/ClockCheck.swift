internal import Delivery

/// Whether this machine's clock can be right: due times, certificates and read markers hang on it.
struct ClockCheck {
    var now: WallTime
    /// Of the program.
    var made: WallTime

    /// Longer after ``made`` no version is in use: ten years.
    static let longest: Duration = .seconds(10 * 365 * 86_400)

    var finding: CheckReport.Finding {
        let text = "it is \(TimeText.moment(now))"
        guard now >= made else {
            return .init(
                .clock, .fail,
                "\(text), before this outboxd was made: mail would go out far too late; set the clock, and "
                    + "have it kept right (NTP)")
        }
        guard now - made < Self.longest else {
            return .init(
                .clock, .warn,
                "\(text), more than ten years after this outboxd was made: mail would go out too early and "
                    + "certificates seem expired; see whether the clock is right")
        }
        return .init(.clock, .ok, text)
    }
}
