internal import Delivery
internal import SQLite

/// What is held against senders and the relay (``Suspicions``), read and written within one
/// transaction.
///
/// Nearly always it is nothing, which is found out once for each batch and sender.
struct SuspicionBook {
    let connection: Connection
    private var senders: SenderBook
    /// Nothing is held against the relay; nil: not looked yet.
    private var isRelayClear: Bool?
    private var spotless: Set<String> = []

    init(connection: Connection) {
        self.connection = connection
        senders = SenderBook(connection: connection)
    }

    /// - Parameter isOwnFault: the mail was returned before for refusals of this kind, and mail was
    ///   accepted since.
    mutating func judge(
        _ finished: FinishedMail, isOwnFault: (Int64, RefusalKind) throws -> Bool,
        waiting: () throws -> WaitingOthers
    ) throws -> [Ruling] {
        let (event, sender) = (finished.senderEvent, finished.mail.sender)
        if case .refused = event {} else if try isQuiet(sender) { return [] }
        isRelayClear = nil
        spotless.remove(sender)
        let own = try senders.apply(event, to: sender, at: finished.at, error: finished.error)
        var rulings = own.rulings
        switch event {
        case .accepted:
            rulings += try change(sender) { $0.accepted(sender: sender) }
        case .refused(let mail, let kind) where !own.wasBlocked:
            let isOwnFault = try isOwnFault(mail, kind)
            rulings += try change(sender) {
                try $0.refused(
                    mail, sender: sender, kind: kind, isOwnFault: isOwnFault, waiting: waiting)
            }
        case .refused, .unknownMailbox, .deferred, .released, .probeStarted: break
        }
        for case .block(let blocked) in rulings {
            try senders.block(blocked, at: finished.at, error: finished.error)
        }
        return rulings
    }

    /// Nothing is held against anybody whom this sender's luck could clear.
    private mutating func isQuiet(_ sender: String) throws -> Bool {
        let isClear = try isRelayClear ?? readRelayClear()
        isRelayClear = isClear
        guard isClear else { return false }
        if spotless.contains(sender) { return true }
        let isSuspect = try connection.statement(
            """
            SELECT EXISTS (SELECT 1 FROM outboxd_strikes WHERE address = ?1)
                OR EXISTS (SELECT 1 FROM outboxd_senders WHERE address = ?1)
            """
        ).bind(sender).first { $0.bool(0) }
        if isSuspect != true { spotless.insert(sender) }
        return isSuspect != true
    }

    private func readRelayClear() throws -> Bool {
        let isHeld = try connection.statement(
            """
            SELECT EXISTS (SELECT 1 FROM outboxd_strikes WHERE relay_cleared = 0)
                OR EXISTS (SELECT 1 FROM outboxd_relay WHERE refuses IS NOT NULL)
            """
        ).first { $0.bool(0) }
        return isHeld != true
    }

    // MARK: Reading and writing

    /// Reads what concerns the sender, changes it and writes the differences.
    private func change(
        _ sender: String, _ body: (inout Suspicions) throws -> [Ruling]
    ) throws -> [Ruling] {
        let before = try read(sender)
        var after = before
        let rulings = try body(&after)
        try write(from: before, to: after)
        return rulings
    }

    private func read(_ sender: String) throws -> Suspicions {
        let strikes = try connection.statement(
            """
            SELECT mail_id, address, kind, relay_cleared FROM outboxd_strikes
            WHERE address = ? OR relay_cleared = 0 ORDER BY number
            """
        ).bind(sender).all {
            Strike(
                mail: $0.int(0), sender: $0.text(1),
                kind: RefusalKind(rawValue: $0.int(2)) ?? .permanent, isRelayCleared: $0.bool(3))
        }
        let pause = try connection.statement("SELECT refuses FROM outboxd_relay").first {
            $0.optionalInt(0)
        }
        return Suspicions(
            strikes: strikes, relayPause: (pause ?? nil).flatMap(RefusalKind.init(rawValue:)))
    }

    private func write(from before: Suspicions, to after: Suspicions) throws {
        let kept = Set(after.strikes)
        let known = Set(before.strikes)
        // One that was cleared is another value: it is taken out and comes in again.
        for strike in before.strikes where !kept.contains(strike) {
            try connection.statement(
                "DELETE FROM outboxd_strikes WHERE address = ? AND kind = ? AND mail_id = ?"
            ).bind(strike.sender).bind(strike.kind.rawValue).bind(strike.mail).run()
        }
        for strike in after.strikes where !known.contains(strike) {
            try connection.statement(
                """
                INSERT INTO outboxd_strikes (address, kind, mail_id, relay_cleared)
                VALUES (?, ?, ?, ?)
                """
            ).bind(strike.sender).bind(strike.kind.rawValue).bind(strike.mail)
                .bind(strike.isRelayCleared).run()
        }
        guard before.relayPause != after.relayPause else { return }
        try connection.statement("UPDATE outboxd_relay SET refuses = ?")
            .bind(after.relayPause?.rawValue).run()
    }
}
