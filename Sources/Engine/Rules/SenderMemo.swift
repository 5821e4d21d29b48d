internal import Delivery
internal import Store

/// The senders of the helpdesks whose mails were decided: those of a batch mostly share a few.
///
/// A helpdesk whose row has changed is worked out anew.
final class SenderMemo {
    /// Whom mails are from, and what the records of senders call it.
    typealias Found = (sender: Sender, name: String)

    private var known: [String: (helpdesk: Helpdesk?, found: Found?)] = [:]

    /// nil if there is no usable sender.
    ///
    /// - Parameter id: the helpdesk's, which may have no row.
    func sender(_ id: String, _ helpdesk: Helpdesk?, _ settings: EngineSettings) -> Found? {
        if let known = known[id], known.helpdesk == helpdesk { return known.found }
        let found = ClaimRules.sender(of: helpdesk, settings).map { ($0, ClaimRules.name($0)) }
        known[id] = (helpdesk, found)
        return found
    }
}
