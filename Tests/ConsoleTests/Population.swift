import Delivery
import SQLite
import Store
import TestSupport

/// Fills the tables with every mixture of states, also such as rarely come about.
///
/// No due time is near now: the view asks the clock itself.
struct Population {
    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    func fill(_ outbox: Outbox) throws {
        var filling = self
        try filling.fillIn(outbox)
        // What was written by hand is not in the totals.
        _ = try Database.migrate(path: outbox.path)
    }

    private mutating func fillIn(_ outbox: Outbox) throws {
        try outbox.connection.transaction {
            for number in 1...120 { try addRow(Int64(number), outbox) }
            for line in 1...3 { try addLine(line, outbox) }
            for mail in 1...40 { try addMail(Int64(mail), outbox) }
            for row in 1...110 where !chance(8) { try addToMail(Int64(row), outbox) }
            if chance(3) {
                try outbox.store.pause(
                    helpdesk: "", by: OperatorNote(who: "alice", why: "relay migration"),
                    at: outbox.now)
            }
            if chance(2) {
                try outbox.store.pause(
                    helpdesk: "h2", by: OperatorNote(who: "alice", why: "relay migration"),
                    at: outbox.now)
            }
            let state = ["up", "down", "unknown"][Int.random(in: 0..<3, using: &random)]
            try outbox.connection.execute(
                "UPDATE outboxd_relay SET state = '\(state)', since = 1795374651000")
            if chance(2) {
                try outbox.connection.execute(
                    """
                    INSERT INTO helpdesks (id, name, from_address, paused)
                    VALUES ('h3', 'Three', 'three@acme.test', 1), ('h1', 'One', 'a@acme.test', 0)
                    """)
            }
            // The API server may delete what it likes.
            if chance(2) { try outbox.connection.execute("DELETE FROM outbox WHERE id % 17 = 3") }
        }
    }

    private mutating func chance(_ oneIn: Int) -> Bool {
        Int.random(in: 0..<oneIn, using: &random) == 0
    }

    private mutating func pick(_ words: [String]) -> String {
        words[Int.random(in: words.indices, using: &random)]
    }

    private mutating func hours() -> Duration {
        .seconds(3_600 * (Int.random(in: 0..<2, using: &random) == 0 ? -1 : 1))
            * Int.random(in: 1...9, using: &random)
    }

    private mutating func addRow(_ id: Int64, _ outbox: Outbox) throws {
        try outbox.add(
            helpdesk: pick(["h1", "h2", "h3"]), conversation: pick(["c1", "c2"]),
            to: pick(["ann@example.test", " Ann@Example.test", "bob@example.test"]), id: id,
            createdAt: outbox.now + hours())
        if chance(4) {
            try outbox.connection.execute("UPDATE outbox SET instant = 1 WHERE id = \(id)")
        }
    }

    private mutating func addLine(_ line: Int, _ outbox: Outbox) throws {
        let park = chance(2) ? 0 : Int.random(in: 0...4, using: &random)
        let isFaulty = park == 4 && chance(2)
        try outbox.connection.statement(
            """
            INSERT INTO outboxd_lines (id, helpdesk_id, parked, troubles, error_text)
            VALUES (?, ?, ?, ?, ?)
            """
        ).bind(line).bind("h\(line)").bind(park).bind(isFaulty ? 1 : 0)
            .bind(isFaulty ? "no such function: shout" : nil).run()
    }

    private mutating func addMail(_ id: Int64, _ outbox: Outbox) throws {
        let phase = Int.random(in: 0...2, using: &random)
        let (desk, attempts) = (
            Int.random(in: 1...3, using: &random), Int.random(in: 0...2, using: &random)
        )
        let turn = TurnClass(attempts: attempts, troubles: 0, isInstant: chance(3))
        try outbox.connection.statement(
            """
            INSERT INTO outboxd_mails (id, helpdesk_id, conversation_id, recipient, audience, phase,
                wait, due_at, attempts, line, class, email_message_id)
            VALUES (?, ?, ?, ?, 'visitor', ?, ?, ?, ?, ?, ?, ?)
            """
        ).bind(id).bind("h\(desk)").bind(pick(["c1", "c2"]))
            .bind(pick(["ann@example.test", "bob@example.test"])).bind(phase)
            .bind(phase == 0 ? [0, 0, 3, 4][Int.random(in: 0..<4, using: &random)] : 0)
            .bind((outbox.now + hours()).milliseconds).bind(attempts).bind(desk)
            .bind(turn.rawValue)
            .bind(chance(2) ? "<\(id)@acme.test>" : nil).run()
    }

    /// A row goes to a mail that agrees with it; where its mail is over, so is the row.
    private mutating func addToMail(_ row: Int64, _ outbox: Outbox) throws {
        let mails = try outbox.connection.statement(
            """
            SELECT m.id, m.phase FROM outboxd_mails m JOIN outbox o ON o.id = ?
            WHERE m.helpdesk_id = o.helpdesk_id AND m.conversation_id = o.conversation_id
                AND m.recipient = lower(trim(o.recipient_email))
            """
        ).bind(row).all { ($0.int(0), $0.int(1)) }
        guard !mails.isEmpty else { return }
        let (mail, phase) = mails[Int.random(in: mails.indices, using: &random)]
        let state = phase == 2 || chance(3) ? Int.random(in: 2...4, using: &random) : 0
        let reason =
            switch state {
            case 3: pick(SkipReason.allCases.map(\.rawValue))
            case 4: pick(FailReason.allCases.map(\.rawValue))
            default: String?.none
            }
        try outbox.connection.statement(
            """
            INSERT INTO outboxd_rows (id, mail_id, state, reason, uncertain, attempts, due_at,
                sent_at, finished_at, error_stage, error_code, error_text)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'rcpt', 450, ?)
            """
        ).bind(row).bind(mail).bind(state).bind(reason).bind(chance(5))
            .bind(Int.random(in: 0...3, using: &random)).bind((outbox.now + hours()).milliseconds)
            .bind(state == 2 ? outbox.now.milliseconds : nil)
            .bind(state == 0 ? nil : outbox.now.milliseconds).bind(chance(2) ? "busy" : nil).run()
    }
}
