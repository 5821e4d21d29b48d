/// Helpdesks whose mails take the relay far longer than others' mails do: together they may hold only
/// half of the connections (Contract.md, "Neighbours").
///
/// Example: the relay asks a policy server about each recipient of one helpdesk, which takes 3 s; mails
/// of everybody else take 5 ms. Forty such mails would hold all four connections for half a minute. With
/// this rule they hold two, and the others' mails go out on the other two as ever.
///
/// | the helpdesk's mails take | the quickest mail of another helpdesk took, of late | it is |
/// |---|---|---|
/// | less than half a second | any | not slow |
/// | half a second or more | a fifth of that or less | slow |
/// | half a second or more | more than a fifth of that | not slow: the relay is slow with everybody |
/// | half a second or more | no other helpdesk is known | not slow |
///
/// What a dialogue took counts when it ends with a reply, accepted or refused. A dialogue that does not
/// end is a matter of ``Stragglers``.
package struct SlowHelpdesks: Hashable, Sendable {
    private struct Quick: Hashable {
        var helpdesk: String
        var took: Duration
    }

    /// Half a second or more: the slowest dialogue of late of each.
    private var durations: [String: Duration] = [:]
    /// Of the two helpdesks with the quickest mails: each is compared with the other.
    private var quick: [Quick] = []

    package static let threshold: Duration = .milliseconds(500)
    package static let factor = 5
    /// Beyond this number the least slow helpdesk is forgotten.
    package static let mostRemembered = 64

    package init() {}

    /// None takes half a second: the usual case, which costs nothing.
    package var isEmpty: Bool { durations.isEmpty }

    package mutating func ended(_ helpdesk: String, took: Duration) {
        noteQuick(helpdesk, took)
        guard !durations.isEmpty || took >= Self.threshold else { return }
        for index in quick.indices { quick[index].took = quick[index].took * 33 / 32 }
        // The slowest counts, and is forgotten within some mails.
        let slowest = max(took, (durations[helpdesk] ?? .zero) * 3 / 4)
        durations[helpdesk] = slowest >= Self.threshold ? slowest : nil
        guard durations.count > Self.mostRemembered else { return }
        durations.min { $0.value < $1.value }.map { durations[$0.key] = nil }
    }

    /// The quickest counts, and is forgotten within some hundred mails once any takes long.
    private mutating func noteQuick(_ helpdesk: String, _ took: Duration) {
        for index in quick.indices where quick[index].helpdesk == helpdesk {
            if took < quick[index].took { quick[index].took = took }
            return
        }
        if quick.count < 2 {
            quick.append(Quick(helpdesk: helpdesk, took: took))
        } else if let slower = quick.indices.max(by: { quick[$0].took < quick[$1].took }),
            took <= quick[slower].took
        {
            quick[slower] = Quick(helpdesk: helpdesk, took: took)
        }
    }

    package func isSlow(_ helpdesk: String) -> Bool {
        guard let took = durations[helpdesk] else { return false }
        let others = quick.lazy.filter { $0.helpdesk != helpdesk }.map(\.took)
        return others.min().map { took >= $0 * Self.factor } ?? false
    }

    /// All that are slow.
    package var slow: Set<String> { Set(durations.keys.filter(isSlow)) }

    /// How many connections the mails of all slow helpdesks may hold together.
    package static func most(limit: Int) -> Int { max(1, limit / 2) }

    /// How many of their dialogues must not count against the connections in use, so that one is left
    /// for the others: they may hold more than their share from before they were known to be slow, or
    /// there may be only one connection.
    package static func spared(underWay: Int, allowed: Int) -> Int {
        underWay == 0 ? 0 : max(0, underWay - allowed + 1)
    }
}
