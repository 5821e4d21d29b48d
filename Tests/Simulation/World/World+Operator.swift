import Delivery
import Store

@testable import Engine

/// What the operator does with the console's verbs.
extension World {
    func carryOutByOperator(_ action: Action) throws {
        let (now, note) = (clock.wallNow(), OperatorNote(who: "simulator"))
        let console = try SQLiteDatabase(path: settings.database).openOperator()
        switch action {
        case .pause(let helpdesk):
            let name = helpdesk.map { "h\($0)" } ?? ""
            try console.pause(helpdesk: name, by: note, at: now)
            ledger.operatorPauses[name] = ledger.operatorPauses[name] ?? clock.steadyNow()
        case .resume(let helpdesk):
            let name = helpdesk.map { "h\($0)" } ?? ""
            _ = try console.resume(helpdesk: name, by: note, at: now)
            ledger.operatorPauses[name] = nil
        case .retry(let place):
            guard let row = ledger.row(place) else { return }
            let rules = RowRules.ingest(settings, at: now, clockSteps: [])
            touch(row)
            _ = try console.perform(.retry(fault: rules.fault), on: [row.id], by: note, at: now)
        case .cancelByOperator(let place):
            guard let row = ledger.row(place) else { return }
            touch(row)
            _ = try console.perform(.cancel, on: [row.id], by: note, at: now)
        case .resolve(let place, let asSent):
            guard let row = ledger.row(place) else { return }
            try resolve(row, asSent: asSent, console)
        case .prune:
            // Sooner, and a reply that is enqueued once more would be taken for a new one.
            guard let retention = settings.retention else { return }
            _ = try console.prune(
                endedBefore: retention.end(at: now), from: PrunePlace(), limit: 100,
                patience: .seconds(1), goesOn: { true })
        case .probe: try console.wantProbe(at: now)
        case .drain(let ignoresHold, let limit):
            guard living.count < 5 else { return }
            try start(RunMode(isDrain: true, ignoresHold: ignoresHold, limit: limit))
            guard ignoresHold else { return }
            for id in ledger.ids { ledger.rows[id]?.hasHoldInDoubt = true }
        default: break
        }
    }

    func resolve(_ row: LedgerRow, asSent: Bool, _ console: any OutboxOperator) throws {
        touch(row)
        _ = try console.resolve(
            row: row.id, as: asSent ? .sent : .resend, by: OperatorNote(who: "simulator"),
            at: clock.wallNow())
    }

    /// What belongs to its mail is in the operator's hands with it.
    private func touch(_ row: LedgerRow) {
        ledger.changeConversation(of: row) { $0.isInOperatorsHands = true }
    }
}
