/// Whether more than one helpdesk's mail went out lately: what is kept free for others is kept for nobody where
/// there are none.
///
/// | begun within ten minutes | another than A | another than B |
/// |---|---|---|
/// | nothing, or A's alone | no | yes |
/// | A's and B's | yes | yes |
package struct RecentHelpdesks: Hashable, Sendable {
    private struct Begun: Hashable {
        var helpdesk: String
        var at: SteadyTime
    }
    /// The latest, and the latest of another helpdesk than that.
    private var latest: Begun?
    private var before: Begun?

    private static let span: Duration = .seconds(600)

    package init() {}

    package mutating func began(_ helpdesk: String, at now: SteadyTime) {
        if let latest, latest.helpdesk != helpdesk { before = latest }
        latest = Begun(helpdesk: helpdesk, at: now)
    }

    package func hasOther(than helpdesk: String, at now: SteadyTime) -> Bool {
        [latest, before].contains { begun in
            guard let begun else { return false }
            return begun.helpdesk != helpdesk && now - begun.at < Self.span
        }
    }
}
