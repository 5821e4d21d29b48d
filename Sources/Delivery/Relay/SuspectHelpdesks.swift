/// Helpdesks of which a dialogue was given up since the relay was silent: the next mail that finds a free
/// connection is likely to be of that kind, so they leave the last one to others.
///
/// | event | the helpdesk |
/// |---|---|
/// | a dialogue of it is given up | is suspect, for five minutes |
/// | the relay replies to one of its mails in the usual time | is not any more |
///
/// At most a hundred are remembered; what one more would displace is the oldest.
package struct SuspectHelpdesks: Hashable, Sendable {
    private var since: [String: SteadyTime] = [:]
    private static let lasting: Duration = .seconds(300)
    static let most = 100

    package init() {}

    package mutating func add(_ helpdesk: String, at now: SteadyTime) {
        if since.count >= Self.most, since[helpdesk] == nil,
            let oldest = since.min(by: { $0.value < $1.value })?.key
        {
            since[oldest] = nil
        }
        since[helpdesk] = now
    }

    package mutating func clear(_ helpdesk: String) {
        if !since.isEmpty { since[helpdesk] = nil }
    }

    package func contains(_ helpdesk: String, at now: SteadyTime) -> Bool {
        since[helpdesk].map { now - $0 < Self.lasting } ?? false
    }

    package func all(at now: SteadyTime) -> [String] {
        since.isEmpty ? [] : since.keys.filter { contains($0, at: now) }
    }
}
