import Delivery
import SQLite
import TestSupport

@testable import Engine
@testable import Store

/// Looks on: it knows what was done to each row and when, what the relay was given, and what outboxd says; a
/// ``Violation`` is what does not fit together.
final class Ledger {
    let options: WorldOptions
    let clock: VirtualClock
    /// What each process was started as, by its number.
    var processes: [RunMode] = []
    var rows: [Int64: LedgerRow] = [:]
    /// In the order in which they were inserted.
    var ids: [Int64] = []
    /// Since when each helpdesk is paused by the API server, "h0"….
    var pausedHelpdesks: [String: SteadyTime] = [:]
    /// Since when the operator pauses a helpdesk, or "" for everything.
    var operatorPauses: [String: SteadyTime] = [:]
    var suppressed: [String: SteadyTime] = [:]
    /// The latest time that the wall clock has shown.
    var latestWall = WallTime(milliseconds: 0)
    var clockSteps = 0
    private var deliveries: [Int: [Seen]] = [:]
    private(set) var mails = 0
    private(set) var copies = 0

    /// A message with a token in it whose dot has come.
    private struct Seen {
        var messageID: String
        var message: String
        var isAccepted: Bool
    }

    /// Nothing may be sent that the check could have seen so long before the content (Contract.md).
    static let lastMoment: Duration = .milliseconds(20)

    init(options: WorldOptions, clock: VirtualClock) {
        self.options = options
        self.clock = clock
    }

    func row(_ place: Int) -> LedgerRow? {
        ids.isEmpty ? nil : rows[ids[place % ids.count]]
    }

    /// Changes what is known of each row of the same conversation and recipient.
    func changeConversation(of row: LedgerRow, _ change: (inout LedgerRow) -> Void) {
        for id in ids {
            guard var other = rows[id], other.reply.helpdesk == row.reply.helpdesk,
                other.reply.conversation == row.reply.conversation,
                other.reply.recipient == row.reply.recipient
            else { continue }
            change(&other)
            rows[id] = other
        }
    }

    static func address(_ recipient: Int) -> String { "r\(recipient)@example.test" }

    // MARK: A mail

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
        for token in tokens {
            let group = group(token)
            try checkRecipient(group, delivery)
            try checkSameness(group, token, messageID, delivery, server)
            deliveries[token, default: []].append(
                Seen(
                    messageID: messageID, message: delivery.message,
                    isAccepted: delivery.isAccepted))
        }
    }

    private static func tokens(in text: String) -> [Int] {
        var found: [Int] = []
        for match in text.matches(of: /tok(\d+)z/) {
            if let token = Int(match.output.1), !found.contains(token) { found.append(token) }
        }
        return found
    }

    /// In the order of their ids.
    private func group(_ token: Int) -> [LedgerRow] {
        ids.compactMap { rows[$0] }.filter { $0.token == token }
    }

    private func checkTime(_ tokens: [Int], _ delivery: VirtualRelay.Delivery) throws {
        let mode = processes[delivery.process]
        let all = tokens.map(group)
        for group in all where group.allSatisfy({ ($0.notBefore ?? latestWall) > latestWall }) {
            throw Violation(.early, "\(group.map(\.id)): not_before")
        }
        if mode.ignoresHold { return }
        let mayBeDue = all.joined().contains { row in
            if row.isInstant || row.hasHoldInDoubt || row.isInOperatorsHands { return true }
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
        let isCopy = tokens.contains { token in
            deliveries[token]?.contains { $0.message == delivery.message } ?? false
        }
        guard unwanted.count == tokens.count || (!isCopy && !unwanted.isEmpty) else { return }
        throw Violation(.unwanted, unwanted.joined(separator: ", "))
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
        if let last = before.last, last.messageID != messageID,
            last.isAccepted || !group.contains(where: \.hasFailed)
        {
            throw Violation(
                .changed, "\(group.map(\.id)): \(last.messageID), then \(messageID)")
        }
        let accepted = before.filter(\.isAccepted)
        if let copy = accepted.last, copy.message != delivery.message,
            !group.contains(where: \.isInOperatorsHands)
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

    private func isUncertain(_ id: Int64, _ server: Connection) throws -> Bool {
        try server.statement("SELECT uncertain FROM outbox_status WHERE id = ?").bind(id)
            .first { $0.bool(0) } ?? false
    }

    // MARK: What outboxd says

    /// After each commit of outboxd's.
    func compare(_ server: Connection) throws {
        latestWall = max(latestWall, clock.wallNow())
        let now = try server.statement(
            "SELECT id, state, reason FROM outbox_status ORDER BY id"
        ).all { (id: $0.int(0), state: $0.text(1), reason: $0.optionalText(2)) }
        for row in now {
            guard let known = rows[row.id] else { continue }
            try compare(known, row.state, row.reason)
            rows[row.id]?.state = row.state
            rows[row.id]?.reason = row.reason
            if row.state == "failed" { rows[row.id]?.hasFailed = true }
        }
        try checkTogether(server)
        if try TotalsRebuild.isWrong(server) { throw Violation(.miscounted, "the totals") }
    }

    private static let final: Set = ["sent", "skipped", "failed"]

    private func compare(_ known: LedgerRow, _ state: String, _ reason: String?) throws {
        if Self.final.contains(known.state), state != known.state, !known.isInOperatorsHands,
            // A refusal that was not the row's fault (Contract.md).
            !(known.state == "failed" && known.reason == "rejected")
        {
            throw Violation(
                .unsettled, "\(known.id): \(known.state) \(known.reason ?? ""), then \(state)")
        }
        guard state == "sent", known.state != "sent", !known.isInOperatorsHands else { return }
        let isAccepted = deliveries[known.token]?.contains(where: \.isAccepted) ?? false
        if !isAccepted { throw Violation(.lost, "\(known.id) is sent, and nobody got it") }
    }

    private func checkTogether(_ server: Connection) throws {
        let twice = try server.statement(
            """
            SELECT group_concat(id) FROM outboxd_mails WHERE phase = 1
            GROUP BY helpdesk_id, conversation_id, recipient HAVING count(*) > 1
            """
        ).first { $0.text(0) }
        if let twice { throw Violation(.together, "mails \(twice)") }
    }

    /// Rows that are open, with what they wait for; deleted ones are nobody's business.
    func open(_ server: Connection) throws -> [(id: Int64, text: String, isUncertain: Bool)] {
        try server.statement(
            """
            SELECT id, state, reason, due_at, attempts, last_error FROM outbox_status
            WHERE state NOT IN ('sent', 'skipped', 'failed') ORDER BY id
            """
        ).all {
            (
                $0.int(0),
                "\($0.int(0)) \($0.text(1)) \($0.optionalText(2) ?? "") due \($0.int(3)), \($0.int(4)) attempts, \($0.optionalText(5) ?? "")",
                $0.optionalText(2) == "uncertain"
            )
        }
    }
}
