import Delivery
import SQLite

@testable import Engine
@testable import Store

/// What is checked of each mail whose dot has come.
extension Ledger {
    func note(_ delivery: VirtualRelay.Delivery, _ server: Connection) throws {
        latestWall = max(latestWall, clock.wallNow())
        let text = delivery.message.replacing("=\n", with: "")
        let tokens = Self.tokens(in: text)
        guard !tokens.isEmpty else {
            throw Violation(.changed, "a mail without its text: \(text.prefix(3_000))")
        }
        let messageID = String(
            text.split(separator: "\n").first { $0.lowercased().hasPrefix("message-id:") } ?? "")
        mails += delivery.isAccepted ? 1 : 0
        try checkTime(tokens, delivery)
        try checkWanted(tokens, delivery)
        try checkOrder(tokens.flatMap(group), delivery)
        for token in tokens {
            let group = group(token)
            try checkRecipient(group, delivery)
            try checkSameness(group, token, messageID, delivery, server)
            deliveries[token, default: []].append(
                Seen(
                    messageID: messageID, message: delivery.message,
                    isAccepted: delivery.isAccepted, isAnswered: delivery.isAnswered))
        }
    }

    static func tokens(in text: String) -> [Int] {
        var found: [Int] = []
        for match in text.matches(of: /tok(\d+)z/) {
            if let token = Int(match.output.1), !found.contains(token) { found.append(token) }
        }
        return found
    }

    /// In the order of their ids.
    func group(_ token: Int) -> [LedgerRow] {
        ids.compactMap { rows[$0] }.filter { $0.token == token }
    }

    private func checkTime(_ tokens: [Int], _ delivery: VirtualRelay.Delivery) throws {
        let mode = processes[delivery.process]
        let all = tokens.map(group)
        for group in all where group.allSatisfy({ ($0.notBefore ?? latestWall) > latestWall }) {
            throw Violation(.early, "\(group.map(\.id)): not_before")
        }
        if mode.ignoresHold || isCopy(tokens, delivery) { return }
        let mayBeDue = all.joined().contains { row in
            if row.isInstant || row.hasHoldInDoubt || row.isInOperatorsHands {
                return true
            }
            let left = max(.zero, options.hold - row.reply.age)
            return row.insertedAt + left <= delivery.contentAt
                + .milliseconds(clockSteps > 0 ? 2_000 : 2)
        }
        if !mayBeDue { throw Violation(.early, "\(all.joined().map(\.id)): hold") }
    }

    /// A copy of what was announced goes out whole, or not at all (Contract.md); other mails hold only what is
    /// wanted.
    private func checkWanted(_ tokens: [Int], _ delivery: VirtualRelay.Delivery) throws {
        let unwanted = tokens.compactMap { reason(against: group($0), delivery) }
        guard
            unwanted.count == tokens.count
                || (!isCopy(tokens, delivery) && !unwanted.isEmpty)
        else { return }
        throw Violation(.unwanted, unwanted.joined(separator: ", "))
    }

    private func isCopy(_ tokens: [Int], _ delivery: VirtualRelay.Delivery) -> Bool {
        tokens.contains { token in
            deliveries[token]?.contains { $0.message == delivery.message } ?? false
        }
    }

    /// nil if any row of the same reply is wanted.
    private func reason(
        against group: [LedgerRow], _ delivery: VirtualRelay.Delivery
    ) -> String? {
        let limit = delivery.contentAt + (.zero - Self.lastMoment)
        let isDrain = processes[delivery.process].isDrain
        var reasons: [String] = []
        for row in group {
            guard let reason = reason(against: row, before: limit, isDrain: isDrain) else {
                return nil
            }
            reasons.append("\(row.id) \(reason)")
        }
        return reasons.joined(separator: ", ")
    }

    private func reason(
        against row: LedgerRow, before limit: SteadyTime, isDrain: Bool
    ) -> String? {
        func held(_ since: SteadyTime?) -> Bool { since.map { $0 < limit } ?? false }
        let helpdesk = "h\(row.reply.helpdesk)"
        if held(row.cancelledAt) { return "cancelled" }
        if held(row.deletedAt) { return "deleted" }
        if held(row.readAt) { return "read" }
        if held(suppressed[Self.address(row.reply.recipient)]) { return "suppressed" }
        if isDrain { return nil }
        if held(pausedHelpdesks[helpdesk]) { return "paused by the API server" }
        if held(operatorPauses[helpdesk]) || held(operatorPauses[""]) { return "paused" }
        return nil
    }

    private func checkRecipient(
        _ group: [LedgerRow], _ delivery: VirtualRelay.Delivery
    ) throws {
        let address = AddressText.normalized(delivery.recipient)
        if group.contains(where: { Self.address($0.reply.recipient) == address }) { return }
        throw Violation(.misdirected, "\(group.map(\.id)) to \(delivery.recipient)")
    }

    private func checkSameness(
        _ group: [LedgerRow], _ token: Int, _ messageID: String,
        _ delivery: VirtualRelay.Delivery, _ server: Connection
    ) throws {
        let before = deliveries[token] ?? []
        // The same reply once more is looked at on its own if the first ended unsent, or is gone.
        if group.count > 1,
            group.contains(where: { $0.mayHaveEndedUnsent || $0.isInOperatorsHands })
        {
            return
        }
        // What was removed at its age is too old to come again, unless the clock was set back since.
        if group.count > 1, clockSteps > 0, options.retention != nil { return }
        if let last = before.last, last.messageID != messageID,
            last.isAccepted || !group.contains(where: \.hasFailed)
        {
            throw Violation(
                .changed, "\(group.map(\.id)): \(last.messageID), then \(messageID)")
        }
        let accepted = before.filter(\.isAccepted)
        // Whatever the relay has left open counts like what it has accepted.
        if let copy = before.last(where: { $0.isAccepted || !$0.isAnswered }),
            copy.message != delivery.message, !group.contains(where: \.isInOperatorsHands)
        {
            throw Violation(.changed, "\(group.map(\.id)): a copy with other bytes")
        }
        guard delivery.isAccepted, !accepted.isEmpty else { return }
        copies += 1
        if group.contains(where: \.isInOperatorsHands) { return }
        // One that is deleted is shown no more; its mail goes out whole.
        if group.contains(where: { $0.deletedAt != nil }) { return }
        let isMarked = try group.contains { try isUncertain($0.id, server) }
        if !isMarked { throw Violation(.twice, "\(group.map(\.id)): not marked") }
        let most = options.resendsUncertain ? 1 + UncertainPolicy.mostRepeats : 1
        if accepted.count + 1 > most {
            throw Violation(.twice, "\(group.map(\.id)): \(accepted.count + 1) times")
        }
    }

    /// What has been tried and waits again goes before what came later, and what has not been tried goes with it
    /// (Contract.md, "Order" and "Gathering").
    private func checkOrder(
        _ mail: [LedgerRow], _ delivery: VirtualRelay.Delivery
    ) throws {
        guard delivery.isAccepted, let first = mail.min(by: { $0.id < $1.id }),
            mail.allSatisfy({ deliveries[$0.token] == nil })
        else { return }
        for id in ids {
            guard let earlier = rows[id], earlier.reply.isOfConversation(of: first.reply) else {
                continue
            }
            let isBlocking = earlier.id < first.id && earlier.mayBlock
            guard isBlocking || mail.allSatisfy(earlier.shouldGoWith) else { continue }
            throw Violation(.overtaken, "\(id) waits, and \(mail.map(\.id)) were sent")
        }
    }

    private func isUncertain(_ id: Int64, _ server: Connection) throws -> Bool {
        try server.statement("SELECT uncertain FROM outbox_status WHERE id = ?").bind(id)
            .first { $0.bool(0) } ?? false
    }
}
