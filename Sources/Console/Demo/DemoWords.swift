internal import Delivery
internal import Engine
internal import Service
internal import Store

/// What happens, in plain words.
struct DemoWords {
    var replies: [DemoDatabase.Reply]
    var now: WallTime

    private static let us = "outboxd"
    private static let server = "mail server"

    /// Who did what; nil if it is of no interest.
    func say(_ kind: DemoHappenings.Kind) -> (who: String, what: String)? {
        switch kind {
        case .sink(.accepted(let recipient, _)):
            return (Self.server, "takes a mail for \(name(recipient))")
        case .sink(.refused(let recipient, let reply)):
            return (Self.server, "refuses a mail for \(name(recipient)): \(reply)")
        case .attempt(let attempt):
            return say(attempt).map { (Self.us, $0) }
        case .engine(.skipped(let skips)):
            return (Self.us, skips.map(say).joined(separator: "; "))
        case .engine(.failedRow(_, _, let text)), .engine(.storeTrouble(let text)):
            return (Self.us, text)
        case .engine(.relay(let status)):
            guard let error = status.error else { return nil }
            return (Self.us, "can't use the mail server: \(error.text)")
        case .engine: return nil
        }
    }

    private func say(_ attempt: EngineEvent.Attempt) -> String? {
        let name = name(attempt.recipient)
        switch attempt.outcome {
        case .sent where attempt.rows.count > 1:
            return "notes for \(name): sent, \(attempt.rows.count) replies in one mail"
        case .sent: return "notes for \(name): sent"
        case .deferred(let dueAt, _):
            let wait = EngineLog.seconds(max(.zero, dueAt - now))
            return "puts \(name) off: tries again in \(wait) s"
        case .failed(let reason):
            return "gives \(name) up (\(reason.rawValue)), and this address for 30 days"
        case .uncertain: return "does not know whether the mail for \(name) arrived"
        case .returned, .faulty: return nil
        }
    }

    private func say(_ skip: Skip) -> String {
        let reply = replies.first { $0.id == skip.row }
        let name = reply?.person.name ?? "somebody"
        return skip.reason == .read
            ? "\(name) has read it in time: no mail"
            : "no mail for \(name): \(skip.reason.rawValue)"
    }

    private func name(_ address: String) -> String {
        replies.first { $0.person.address == address }?.person.name ?? address
    }
}
