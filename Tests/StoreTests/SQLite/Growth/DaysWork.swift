import Delivery
import SQLite
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// What daemon and commands do in a day, beside a table of some size: the same at any size.
///
/// Its connections compile every statement of a round and of the commands, and SQLite counts what each costs.
struct DaysWork {
    let bed: SQLiteBed
    private let store: SQLiteStore
    private let look: SQLiteReader
    private let sending: Connection
    private let forecasting: Connection
    private let forecast: SQLiteQueueReader
    private let large: LargeOutbox

    init(finished: Int, waiting: Int, helpdesks: Int) throws {
        bed = try SQLiteBed()
        large = LargeOutbox(
            finished: finished, waiting: waiting, helpdesks: helpdesks, now: epoch)
        try large.fill(bed.server)
        store = try bed.anotherSQLite()
        let settings = try RealRules.settings()
        store.senderOf = { ClaimRules.senderName(of: $0, settings) }
        look = SQLiteReader(try Database.open(path: bed.path, readOnly: true))
        sending = try Database.open(path: bed.path, readOnly: true)
        forecasting = try Database.open(path: bed.path, readOnly: true)
        forecast = try SQLiteQueueReader(forecasting)
    }

    /// What each statement has cost so far, those of all connections together.
    func costs() -> [StatementGrowth.Cost] {
        [store.connection, look.connection, sending, forecasting]
            .flatMap(\.statementCosts).map(StatementGrowth.Cost.init)
    }

    func run() throws {
        let instance = try start()
        try add(1_300, "a")
        while try bed.ingest(from: store).hasMore {}
        try rest(of: instance)
        try goOut()
        try lookForLateInserts()
        try review()
        try upkeep()
        try commands()
    }

    // MARK: The daemon

    private func start() throws -> Instance {
        try store.follow(hold: .seconds(60), of: .run)
        try store.takeUpLeftAlone(at: epoch)
        _ = try store.followClock(bootID: "b", offset: .zero, at: epoch) { _, _ in nil }
        _ = try store.clockSteps()
        return try store.register(journalFile: "s", bootID: "b", processID: 1, at: epoch)
    }

    private func rest(of instance: Instance) throws {
        let now = SteadyTime(nanoseconds: 0)
        for _ in 0..<5 {
            _ = try store.othersHaveCommitted()
            _ = try (store.hasNewRows(), store.hasUnread(at: epoch), store.moveTimes())
            _ = try store.probeWanted()
            try store.renewLease(of: instance, processID: 1, for: .seconds(1), at: now)
            _ = try (store.isRegistered(instance.id), store.guardIDs(), store.idsAreSuspect())
            _ = try (store.others(than: 1, at: now), store.othersAreSending(than: instance.id))
            _ = try (store.hasBlockedLines(), store.operatorPauses())
            _ = try (store.relayDownTotal(at: epoch), store.pauseHistory(of: nil))
            for ignoring in [false, true] {
                var request = ClaimRequest(now: seconds(61), limit: 0, urgent: 3, owner: 1)
                (request.ignoredPauses, request.ignoresHold) =
                    (ignoring ? ["", "h"] : [], ignoring)
                _ = try (store.hasDue(request), store.nextDue(request))
                request.limit = 4
                _ = try (store.hasDue(request), store.nextDue(request))
            }
            _ = try (store.hasDeferred(orForSender: true), store.hasDeferred(orForSender: false))
            _ = try (store.writeSuppressions(at: epoch), store.nextSuppression())
            _ = try store.maintain(isBusy: true, isShared: false, at: now)
            try store.forgetShifts()
        }
    }

    /// Rows of helpdesks that have nothing else, and of those that have.
    private func add(_ count: Int, _ prefix: String) throws {
        try bed.server.transaction {
            for number in 0..<count {
                try bed.insert(
                    TestRow("\(prefix)\(number)").with {
                        let isNew = number.isMultiple(of: 2)
                        $0.helpdesk = isNew ? "new-\(number % 20)" : "desk-\(number % 40 & ~3)"
                        $0.conversation = "\(prefix)\(number / 3)"
                        $0.to = "\(prefix)\(number / 3)@example.test"
                        $0.instant = number.isMultiple(of: 50)
                    })
            }
        }
    }

    private func goOut() throws {
        try bed.api(
            """
            UPDATE outbox SET cancelled_at = 1
            WHERE message_id LIKE 'a1%' AND helpdesk_id LIKE 'new%'
            """)
        try bed.api(
            """
            INSERT INTO read_markers SELECT helpdesk_id, conversation_id, recipient_email, created_at
            FROM outbox WHERE message_id LIKE 'a2%' ON CONFLICT DO NOTHING
            """)
        let check = SQLitePreSendCheck(connection: sending)
        for round in 0..<6 {
            let now = seconds(61 + Int64(round))
            let claims = try bed.claim(at: now, limit: 60, from: store) {
                ($0.urgent, $0.behind) = (10, 20)
                $0.crowded = ["new-4"]
            }.claims
            for claim in claims { _ = try check.check(CheckedMail(claim), at: now) }
            _ = try store.inFlight(of: 1)
            try finish(claims, at: now)
        }
        _ = try bed.claim(at: seconds(70), limit: 1, from: store) { $0.isRelayProbe = true }
        let chosen = try bed.server.statement("SELECT id FROM outbox WHERE message_id LIKE 'a3%'")
            .all { $0.int(0) }
        _ = try store.standings(of: chosen)
        _ = try bed.claim(at: seconds(70), from: store) { $0.rows = chosen }
    }

    private func finish(_ claims: [Claim], at now: WallTime) throws {
        let mails = claims.enumerated().map { number, claim in
            let (outcome, error): (FinishedMail.Outcome, DeliveryError?) =
                switch number % 10 {
                case 0: (.deferred(dueAt: now + .seconds(600), expired: []), .later)
                case 1: (.failed(.rejected), .noSuchMailbox)
                case 2: (.returned(dueAt: now + .seconds(600), takenOver: false), nil)
                case 3: (.uncertain(dueAt: nil, frozen: .sample()), .silence)
                default: (.sent, nil)
                }
            return FinishedMail(
                mail: InFlightMail(claim), outcome: outcome, error: error, at: now,
                senderEvent: number % 10 > 3 ? .accepted(mail: claim.mailID) : nil)
        }
        _ = try store.finish(mails)
    }

    private func lookForLateInserts() throws {
        var position: Int64?
        for _ in 0..<4 {
            let found = try store.findLateInserts(from: position, limit: 200) { false }
            position = found.position
            _ = try store.ingestLate(found, at: epoch, rules: .usual)
        }
    }

    private func review() throws {
        var position: ReviewPosition?
        for _ in 0..<12 {
            position = try store.review(
                ReviewRequest(now: seconds(75), limit: 100, after: position, looksForPauses: true),
                goesOn: { true }, decide: RealRules(at: seconds(75)).review
            ).position
        }
        // The parts that a pass through a large table comes to later.
        for part in [ReviewPosition.Part.mailsBehind, .putOff] {
            var position = ReviewPosition()
            position.part = part
            _ = try store.review(
                ReviewRequest(now: seconds(75), limit: 100, after: position),
                goesOn: { true }, decide: RealRules(at: seconds(75)).review)
        }
    }

    private func upkeep() throws {
        _ = try store.prune(
            endedBefore: epoch - .seconds(29 * 86_400), from: PrunePlace(), limit: 50,
            patience: .zero
        ) { true }
        _ = try store.prune([100, 101, 102], endedBefore: epoch, patience: .zero) { true }
        while try !store.recordBlocks() {}
    }

    // MARK: The commands

    private func commands() throws {
        let now = seconds(80)
        for _ in 0..<2 {
            _ = try (look.numbers(at: now), look.health(at: now), look.relay(), look.pauses())
            _ = try (look.blockedSenders(), look.faults(), look.facts())
            _ = try look.list(OutboxView.Filter(), limit: 50, at: now)
        }
        for id in [60, 2_000, Int64(large.finished) + 500] {
            _ = try #require(try look.story(of: id, at: now))
        }
        for state in [RowState.pending, .sending, .sent, .skipped, .failed] {
            _ = try look.list(OutboxView.Filter(states: [state]), limit: 50, at: now)
        }
        for state in [RowState.skipped, .failed] {
            let found = try look.list(OutboxView.Filter(states: [state]), limit: 50, at: now)
            let all = try bed.api(
                """
                SELECT id FROM outbox_status WHERE state = '\(state.name)' ORDER BY id DESC LIMIT 50
                """)
            #expect(found.map { "\($0.id)" } == all)
        }
        for reason in ["paused", "deferred", "hold", "uncertain", "read", "rejected", "expired"] {
            _ = try look.list(OutboxView.Filter(reasons: [reason]), limit: 50, at: now)
        }
        _ = try look.list(OutboxView.Filter(helpdeskID: "desk-7"), limit: 50, at: now)
        var ofMessage = OutboxView.Filter()
        ofMessage.messageID = "a7"
        _ = try look.list(ofMessage, limit: 50, at: now)
        for ignoring in [false, true] { _ = try look.mailsLeft(ignoringHold: ignoring, at: now) }
        _ = try (look.upcoming(at: now), look.mailsBehind(ofRows: nil))
        _ = try look.refusals(of: .cancel, [50, 99, 2_000])
        _ = try look.resolving(row: 99)
        let mails = try forecast.mails(after: nil, limit: 50, at: now)
        let key = ConversationKey(try #require(mails.last).key)
        _ = try (forecast.mails(after: key, limit: 50, at: now), forecast.mails(of: key, at: now))
        _ = try (forecast.newRows(after: nil, limit: 50), forecast.putOff(after: nil, limit: 50))
    }
}
