import Delivery
import SQLite
import Store
import TestSupport

@testable import Engine

extension World {
    func carryOut(_ action: Action) throws {
        noteEncounters(action)
        noteTrouble(action)
        let now = clock.steadyNow()
        switch action {
        case .relay(let mood): self.mood.change(to: mood)
        case .disk(let trouble, let time): disk.set(trouble, until: now + time)
        case .setClock(let time): setClock(by: time)
        case .kill, .startDaemon, .stop, .freeze, .preempt: try carryOutOnProcess(action)
        case .pause, .resume, .retry, .cancelByOperator, .resolve, .prune, .probe, .drain:
            try carryOutByOperator(action)
        default: try carryOutByServer(action)
        }
    }

    private func noteEncounters(_ action: Action) {
        if let (place, word) = action.rowEvent { encounters.note(word, ledger.row(place)) }
        guard let word = action.commonEvent else { return }
        for id in ledger.ids { encounters.note(word, ledger.rows[id]) }
    }

    /// Everybody's mail may be late for it.
    private func noteTrouble(_ action: Action) {
        let now = clock.steadyNow()
        switch action {
        case .relay(let mood): ledger.isRelayTroubled = mood.isEverybodys
        case .disk(_, let time), .freeze(_, let time), .preempt(_, _, let time, _):
            ledger.troubled(until: now + time)
        case .kill, .stop, .startDaemon, .setClock: ledger.troubled(until: now)
        default: break
        }
        if ledger.isRelayTroubled || ledger.operatorPauses[""] != nil {
            ledger.troubled(until: now)
        }
    }

    // MARK: The machine

    private func setClock(by time: Duration) {
        let now = clock.steadyNow()
        let isWatched = !living.isEmpty && living.allSatisfy { $0.frozenUntil == nil }
        for id in ledger.ids {
            guard let row = ledger.rows[id] else { continue }
            // A marker in the future counts as now (Contract.md), which may be before the reply.
            ledger.rows[id]?.readAt = nil
            if !isWatched || now - row.insertedAt < .seconds(10) {
                ledger.rows[id]?.hasHoldInDoubt = true
            }
        }
        ledger.clockSteps += 1
        clock.set(by: time)
    }

    private func carryOutOnProcess(_ action: Action) throws {
        let living = living
        func process(_ place: Int) -> VirtualProcess? {
            living.isEmpty ? nil : living[place % living.count]
        }
        switch action {
        case .kill(let place, let points): process(place)?.lifeline.die(after: points)
        case .startDaemon: if living.count < 5 { try start(.daemon) }
        case .stop(let place): if living.count > 1 { process(place)?.stop() }
        case .freeze(let place, let time):
            process(place)?.frozenUntil = clock.steadyNow() + time
        case .preempt(let place, let points, let time, let meanwhile):
            guard let process = process(place) else { return }
            preempt(process, after: points, for: time, meanwhile: meanwhile)
        default: break
        }
    }

    // MARK: The API server

    func prepareHelpdesks() throws {
        for number in 0...plan.options.innocent {
            try server.statement("INSERT INTO helpdesks (id, name, from_address) VALUES (?, ?, ?)")
                .bind("h\(number)").bind("Helpdesk \(number)").bind(Self.sender(number)).run()
        }
    }

    static func sender(_ helpdesk: Int) -> String { "h\(helpdesk)@acme.test" }

    private func carryOutByServer(_ action: Action) throws {
        let now = clock.steadyNow()
        switch action {
        case .insert(let reply): try insert(reply)
        case .edit(let place):
            try change(place, "body_text = body_text || ' edited'") { _ in }
        case .cancel(let place):
            try change(place, "cancelled_at = \(clock.wallNow().milliseconds)") {
                $0.cancelledAt = $0.cancelledAt ?? now
            }
        case .makeInstant(let place): try change(place, "instant = 1") { $0.isInstant = true }
        case .delete(let place):
            guard let row = ledger.row(place) else { return }
            try server.statement("DELETE FROM outbox WHERE id = ?").bind(row.id).run()
            ledger.rows[row.id]?.deletedAt = row.deletedAt ?? now
        case .read(let place): try read(place)
        case .pauseHelpdesk(let number, let isPaused):
            try server.statement("UPDATE helpdesks SET paused = ? WHERE id = ?").bind(isPaused)
                .bind("h\(number)").run()
            let since = ledger.pausedHelpdesks["h\(number)"] ?? now
            ledger.pausedHelpdesks["h\(number)"] = isPaused ? since : nil
        case .suppress(let recipient, let isOn): try suppress(Ledger.address(recipient), isOn)
        default: break
        }
    }

    private func insert(_ reply: NewReply) throws {
        var reply = reply
        let first = reply.repeats.flatMap { ledger.row($0) }
        if let first {
            reply = first.reply
            reply.isOddlySpelled.toggle()
            // It bears its own old time.
            reply.age = max(.zero, clock.wallNow() - first.createdAt)
            reply.notBefore = nil
        }
        let token = first?.token ?? ledger.ids.count
        let address = Ledger.address(reply.recipient)
        let spelled = reply.isOddlySpelled ? " \(address.uppercased())" : address
        let createdAt = clock.wallNow() + (.zero - reply.age)
        let notBefore = reply.notBefore.map { clock.wallNow() + $0 }
        try server.statement(
            """
            INSERT INTO outbox (helpdesk_id, conversation_id, message_id, audience, recipient_email,
                body_text, instant, not_before, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """
        ).bind("h\(reply.helpdesk)").bind("c\(reply.conversation)").bind("m\(token)")
            .bind(reply.isForOperator ? "operator" : "visitor")
            .bind(spelled).bind("tok\(token)z is the text").bind(reply.isInstant)
            .bind(notBefore?.milliseconds).bind(createdAt.milliseconds).run()
        // It may be there: its transaction was the last before the power failed.
        let id = try server.statement(
            "SELECT id FROM outbox WHERE message_id = ? AND recipient_email = ?"
        ).bind("m\(token)").bind(spelled).first { $0.int(0) }
        guard let id, server.changes > 0 || ledger.rows[id] == nil else { return }
        ledger.add(
            LedgerRow(
                id: id, token: token, reply: reply, insertedAt: clock.steadyNow(),
                createdAt: createdAt, notBefore: notBefore, isInstant: reply.isInstant,
                hasHoldInDoubt: living.contains { $0.mode.ignoresHold }))
    }

    private func change(_ place: Int, _ sql: String, _ note: (inout LedgerRow) -> Void) throws {
        guard let row = ledger.row(place), row.deletedAt == nil else { return }
        try server.statement("UPDATE outbox SET \(sql) WHERE id = ?").bind(row.id).run()
        if var changed = ledger.rows[row.id] {
            note(&changed)
            ledger.rows[row.id] = changed
        }
    }

    private func read(_ place: Int) throws {
        guard let row = ledger.row(place) else { return }
        let now = clock.steadyNow()
        try server.statement(
            """
            INSERT INTO read_markers (helpdesk_id, conversation_id, reader_email, last_read_at)
            VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET last_read_at = max(last_read_at, excluded.last_read_at)
            """
        ).bind("h\(row.reply.helpdesk)").bind("c\(row.reply.conversation)")
            .bind(Ledger.address(row.reply.recipient)).bind(clock.wallNow().milliseconds).run()
        let name = row.reply.conversationName
        ledger.readUpTo[name] = max(ledger.readUpTo[name] ?? clock.wallNow(), clock.wallNow())
        ledger.changeConversation(of: row) { other in
            other.mayBeRead = true
            // Where the clock was set, what was written before may seem to come later.
            guard other.createdAt <= clock.wallNow(), ledger.clockSteps == 0 else { return }
            other.readAt = other.readAt ?? now
        }
    }

    private func suppress(_ address: String, _ isOn: Bool) throws {
        if isOn {
            try server.statement(
                """
                INSERT INTO suppressions (helpdesk_id, address, reason, created_at)
                VALUES ('', ?, 'asked', ?) ON CONFLICT DO NOTHING
                """
            ).bind(address).bind(clock.wallNow().milliseconds).run()
            ledger.suppressed[address] = ledger.suppressed[address] ?? clock.steadyNow()
            ledger.everSuppressed.insert(address)
        } else {
            try server.statement("DELETE FROM suppressions WHERE address = ?").bind(address).run()
            ledger.suppressed[address] = nil
        }
    }

    // MARK: The end

    private func stillOpen() throws -> [(id: Int64, text: String, isUncertain: Bool)] {
        MemoryDisk.shared.isLookedAt = true
        defer { MemoryDisk.shared.isLookedAt = false }
        return try ledger.open(server)
    }

    /// All trouble is over: whatever happened before, everything comes to an end in time.
    func settle() throws {
        mood.change(to: .well)
        ledger.isRelayTroubled = false
        disk.set(nil, until: clock.steadyNow())
        for process in living {
            process.frozenUntil = nil
            process.lifeline.forgetPreemption()
        }
        for number in 0..<plan.options.helpdesks {
            try carryOutDespiteTheDisk(.pauseHelpdesk(number, false))
            try carryOutDespiteTheDisk(.resume(helpdesk: number))
        }
        try carryOutDespiteTheDisk(.resume(helpdesk: nil))
        try start(.daemon)
        // The longest waits: a retry, a probe, `not_before`, a hold.
        let most = plan.options.retryCap + .seconds(900 + 3_600 + 600) + plan.options.hold
        let end = clock.steadyNow() + most + most
        while clock.steadyNow() < end {
            try run(until: clock.steadyNow() + .seconds(120))
            let open = try stillOpen()
            if open.isEmpty { return try checkNothingIsKept() }
            for row in open where row.isUncertain {
                guard let row = ledger.rows[row.id] else { continue }
                try resolve(
                    row, asSent: true, SQLiteDatabase(path: settings.database).openOperator())
            }
        }
        let open = try stillOpen()
        if let first = open.first { throw Violation(.stuck, "\(open.count) rows: \(first.text)") }
    }

    /// What a process had revoked or taken over has been settled by now, too.
    private func checkNothingIsKept() throws {
        try run(until: clock.steadyNow() + .seconds(120))
        for process in running { try process.checkKeepsNothing() }
    }
}
