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
    let relay: VirtualRelay
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
    /// Addresses that were suppressed at some time.
    var everSuppressed: Set<String> = []
    /// Up to when each conversation was read, by ``NewReply/conversationName``.
    var readUpTo: [String: WallTime] = [:]
    /// The latest time that the wall clock has shown.
    var latestWall = WallTime(milliseconds: 0)
    var clockSteps = 0
    /// For everybody.
    var isRelayTroubled = false
    /// After trouble that is everybody's, and its aftermath.
    private var troubledUntil: SteadyTime
    private var waitingInnocents: [Int64] = []
    var deliveries: [Int: [Seen]] = [:]
    var mails = 0
    var copies = 0

    /// A message with a token in it whose dot has come.
    struct Seen {
        var messageID: String
        var message: String
        var isAccepted: Bool
        /// The relay has said what became of it, though perhaps to nobody.
        var isAnswered: Bool
    }

    /// Nothing may be sent that the check could have seen so long before the content (Contract.md).
    static let lastMoment: Duration = .milliseconds(20)

    init(options: WorldOptions, clock: VirtualClock, relay: VirtualRelay) {
        self.options = options
        self.clock = clock
        self.relay = relay
        troubledUntil = clock.steadyNow()
    }

    /// Never one of the innocent helpdesk.
    func row(_ place: Int) -> LedgerRow? {
        let all = ids.compactMap { rows[$0] }.filter { $0.reply.helpdesk != options.innocent }
        let open = all.filter { !Self.final.contains($0.state) && $0.deletedAt == nil }
        let choice = [open.filter(\.isInRareState), open, all].dropFirst(place % 3).first {
            !$0.isEmpty
        }
        return choice.map { $0[place / 3 % $0.count] }
    }

    func add(_ row: LedgerRow) {
        // The id of a row that was deleted may come again.
        if rows[row.id] == nil { ids.append(row.id) }
        rows[row.id] = row
        if row.reply.helpdesk == options.innocent { waitingInnocents.append(row.id) }
    }

    // MARK: The innocent

    /// The relay is probed again after a quarter of an hour at the latest.
    private static let aftermath: Duration = .seconds(1_200)

    func troubled(until end: SteadyTime) {
        troubledUntil = max(troubledUntil, end + Self.aftermath)
    }

    /// Whoever else is in trouble.
    func checkInnocents() throws {
        let now = clock.steadyNow()
        if isRelayTroubled || operatorPauses[""] != nil { return troubled(until: now) }
        waitingInnocents.removeAll { id in
            rows[id].map { $0.state == "sent" || $0.insertedAt < troubledUntil } ?? true
        }
        guard let late = waitingInnocents.first,
            let row = rows[late], row.insertedAt + options.bound < now
        else { return }
        throw Violation(
            .late,
            "\(late) waits for \((now - row.insertedAt).inMilliseconds) ms: \(row.state) \(row.reason ?? "")"
        )
    }

    /// Changes what is known of each row of the same conversation and recipient.
    func changeConversation(of row: LedgerRow, _ change: (inout LedgerRow) -> Void) {
        for id in ids {
            guard var other = rows[id], other.reply.isOfConversation(of: row.reply) else {
                continue
            }
            change(&other)
            rows[id] = other
        }
    }

    static func address(_ recipient: Int) -> String { "r\(recipient)@example.test" }
}
