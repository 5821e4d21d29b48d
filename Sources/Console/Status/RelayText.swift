internal import Delivery
internal import Service
internal import Store

/// The relay's state in words.
enum RelayText {
    /// `down since 01:12 UTC (2 h): connect: connection refused; tried next in 24 s`.
    static func down(_ relay: RelayStatus, _ time: TimeText) -> String {
        "down\(since(relay, time))" + (relay.error.map { ": \($0.line)" } ?? "")
            + next(relay, time)
    }

    /// It took a connection or a command: an error of a relay that is not down says what it is silent about.
    static func silent(_ error: DeliveryError) -> String {
        "the relay does not answer: \(error.line)"
    }

    static func since(_ relay: RelayStatus, _ time: TimeText) -> String {
        relay.since.map { " since \(time.short($0)) (\(TimeText.length(time.now - $0)))" } ?? ""
    }

    /// A probe that should have gone by now goes with the next mail that is due.
    private static func next(_ relay: RelayStatus, _ time: TimeText) -> String {
        guard let next = relay.nextProbeAt else { return "" }
        return next > time.now
            ? "; tried next \(time.relative(next))" : "; tried next with the next mail"
    }
}
