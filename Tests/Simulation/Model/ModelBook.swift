import Delivery
import SQLite

/// What the relay got in a ``ModelWorld``, and what must hold in each of its states.
///
/// | promise | broken where |
/// |---|---|
/// | `lost` | a row is `sent`, and the relay has accepted nothing of it |
/// | `twice` | the relay accepts a mail once more, and no row of it was marked uncertain by then |
/// | `changed` | a copy has another Message-ID, or other bytes |
/// | `seized` | a process changes a mail that another one has under its lease, or claims one and has no lease |
/// | `unsettled` | a final state changes |
struct ModelBook {
    /// One message that was accepted.
    struct Copy: Equatable {
        var messageID: String
        var message: String
    }

    /// By recipient, who has one mail each; in the order in which they came.
    private(set) var accepted: [String: [Copy]] = [:]

    /// - Throws: ``Violation``.
    mutating func note(_ deliveries: [VirtualRelay.Delivery], _ rows: [ModelRow]) throws {
        for delivery in deliveries where delivery.isAccepted {
            let copy = Copy(
                messageID: Self.messageID(of: delivery.message), message: delivery.message)
            let before = accepted[delivery.recipient] ?? []
            accepted[delivery.recipient] = before + [copy]
            guard let last = before.last else { continue }
            let isMarked = rows.contains { $0.recipient == delivery.recipient && $0.isUncertain }
            if !isMarked { throw Violation(.twice, "\(delivery.recipient): not marked") }
            if last.messageID != copy.messageID {
                throw Violation(.changed, "\(last.messageID), then \(copy.messageID)")
            }
            if last.message != copy.message {
                throw Violation(.changed, "a copy: \(Self.difference(last.message, copy.message))")
            }
        }
    }

    /// The first line that is another.
    private static func difference(_ one: String, _ other: String) -> String {
        let lines = [one, other].map { $0.split(separator: "\n", omittingEmptySubsequences: false) }
        let pair = zip(lines[0], lines[1]).first { $0 != $1 }
        return pair.map { "\($0), then \($1)" } ?? "\(lines[0].count) lines, then \(lines[1].count)"
    }

    private static func messageID(of message: String) -> String {
        String(
            message.split(separator: "\n").first { $0.lowercased().hasPrefix("message-id:") } ?? "")
    }

    /// - Parameters:
    ///   - before: the mails before the step.
    ///   - actor: the process whose step it was; nil: nobody's.
    /// - Throws: ``Violation``.
    func compare(
        _ mails: [ModelMail], _ rows: [ModelRow], before: [ModelMail], by actor: Int64?,
        in world: ModelWorld
    ) throws {
        for row in rows where row.state == "sent" && (accepted[row.recipient] ?? []).isEmpty {
            throw Violation(.lost, "\(row.id) is sent, and nobody got it")
        }
        for (old, new) in zip(before, mails) {
            if old.isFinished, !new.isFinished {
                throw Violation(.unsettled, "mail \(old.id)")
            }
            try checkOwner(old, new, by: actor, world)
        }
        guard let actor else { return }
        let had = Set(before.filter { $0.owner == actor }.compactMap(\.token))
        for mail in mails where mail.isSending && mail.owner == actor {
            guard let token = mail.token, !had.contains(token) else { continue }
            if try world.leaseLeft(of: actor, atClaimOf: mail) <= .zero {
                throw Violation(.seized, "mail \(mail.id): claimed without a lease")
            }
        }
    }

    /// Another one's mail may be taken over when it is dead, or its lease is over.
    private func checkOwner(
        _ old: ModelMail, _ new: ModelMail, by actor: Int64?, _ world: ModelWorld
    ) throws {
        guard old.isSending, old != new, let owner = old.owner, owner != actor,
            world.seat(of: owner) != nil, try world.leaseLeft(of: owner) >= .zero
        else { return }
        throw Violation(.seized, "mail \(old.id)")
    }
}
