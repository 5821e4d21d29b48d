internal import Service
internal import Store

/// A pause in words.
enum PauseText {
    /// - Parameter helpdesk: nil is everything.
    static func subject(_ helpdesk: String?) -> String {
        helpdesk.map { "helpdesk \(Escaping.printable($0))" } ?? "everything"
    }

    /// `by root since 03:12 UTC: relay migration`.
    static func detail(_ pause: OutboxView.Pause, _ time: TimeText) -> String {
        guard pause.author == .operator else { return "by the API server (helpdesks.paused)" }
        let who = Escaping.printable(pause.who ?? "an operator")
        let since = pause.since.map { " since \(time.short($0))" } ?? ""
        return "by \(who)\(since)" + (pause.why.map { ": \(Escaping.printable($0))" } ?? "")
    }

    /// The command that ends an operator's pause.
    static func end(_ helpdesk: String?) -> String {
        "outboxd resume" + (helpdesk.map { " --helpdesk \(Escaping.printable($0))" } ?? "")
    }

    /// Such as `still paused: everything, helpdesk h2 (by the API server)`.
    static func also(_ pauses: [OutboxView.Pause], word: String) -> String {
        let names = pauses.map { pause in
            subject(pause.helpdeskID) + (pause.author == .api ? " (by the API server)" : "")
        }
        return "\(word) paused: \(names.joined(separator: ", "))\n"
    }
}
