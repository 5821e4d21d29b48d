import Synchronization

/// A part of a ``ScriptedRelay``'s script: what to do at some events, and nil at all others.
///
/// Rules are asked one after the other by the relay's threads, under a lock: a rule must not block
/// and must not use the relay that it stands in.
package struct RelayRule: Sendable {
    let react: @Sendable (RelayEvent) -> RelayReaction?

    package init(_ react: @escaping @Sendable (RelayEvent) -> RelayReaction?) {
        self.react = react
    }

    /// The same reaction at each event of this kind.
    package static func on(
        _ verb: RelayEvent.Verb, _ reaction: RelayReaction
    ) -> RelayRule {
        RelayRule { $0.verb == verb ? reaction : nil }
    }

    /// The same reaction at the first `count` events of this kind, counted over all connections.
    package static func first(
        _ count: Int, _ verb: RelayEvent.Verb, _ reaction: RelayReaction
    ) -> RelayRule {
        let seen = Atomic(0)
        return RelayRule { event in
            guard event.verb == verb else { return nil }
            return seen.add(1, ordering: .relaxed).oldValue < count ? reaction : nil
        }
    }

    /// RCPT of this address, however its case, gets this reply; by default that the mailbox does not
    /// exist.
    package static func refuse(
        recipient: String, _ code: Int = 550, _ text: String = "5.1.1 User unknown"
    ) -> RelayRule {
        at(recipient: recipient, .reply(code, text))
    }

    /// RCPT of this address gets this reaction.
    package static func at(recipient: String, _ reaction: RelayReaction) -> RelayRule {
        let address = recipient.lowercased()
        return RelayRule { event in
            event.verb == .rcpt && event.recipient?.lowercased() == address ? reaction : nil
        }
    }

    /// MAIL from this address, however its case, gets this reply.
    package static func refuse(
        sender: String, _ code: Int = 553, _ text: String = "5.7.1 Sender refused"
    ) -> RelayRule {
        let address = sender.lowercased()
        return RelayRule { event in
            event.verb == .mail && event.sender?.lowercased() == address
                ? .reply(code, text) : nil
        }
    }

    /// The first `attempts` RCPTs of each pair of sender and recipient are put off.
    package static func greylist(
        attempts: Int = 1, _ code: Int = 450, _ text: String = "4.2.0 Greylisted"
    ) -> RelayRule {
        let seen = Mutex<[[String]: Int]>([:])
        return RelayRule { event in
            guard event.verb == .rcpt else { return nil }
            let pair = [event.sender ?? "", event.recipient ?? ""]
            return seen.withLock { seen in
                seen[pair, default: 0] += 1
                return seen[pair, default: 0] <= attempts ? .reply(code, text) : nil
            }
        }
    }

    /// The next `connections` are greeted with 421 and closed.
    package static func down(connections: Int) -> RelayRule {
        first(connections, .connect, .shutDown)
    }

    /// A reaction at the dot of the mail with this Message-ID.
    package static func at(messageID: String, _ reaction: RelayReaction) -> RelayRule {
        RelayRule { $0.verb == .dot && $0.messageID == messageID ? reaction : nil }
    }
}
