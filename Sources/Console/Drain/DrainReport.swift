internal import Delivery
internal import Engine
internal import Service
internal import Store

/// How a drain's end reads and what it makes the process end with.
///
/// | the engine ended because | exit code | the sentence |
/// |---|---|---|
/// | nothing due is left, none deferred or uncertain | 0 | |
/// | nothing due is left, some mail is to be retried | 75 | |
/// | the same, and the API server has paused a helpdesk meanwhile whose rows wait | the same | whose, and how many |
/// | nothing due is left that another relay did not refuse | 75 | |
/// | it was interrupted, or paused, and rows wait | 75 | how many, and what goes on with them |
/// | the database was restored, and no operator has released it | 75 | how many rows wait, and how to release it |
/// | it was interrupted and nothing waits | 0 | |
/// | the relay can't be reached | 69 | stage and cause |
/// | another relay refused five mails in a row | 69 | what it said |
/// | the database can't be worked with | 74 | the cause |
struct DrainReport {
    let tally: Tally
    let store: any OutboxOperator
    /// What another relay has refused waits as before.
    var isOtherRelay = false
    /// Helpdesks that the API server had paused when the drain began: it said so, and left them out.
    var pausedAtStart: Set<String> = []
    /// The rows it was told to send; nil is everything.
    var rows: [Int64]?
    private let memory = Memory()

    func exitCode(_ result: EngineResult) throws -> ExitCode {
        switch result {
        case .newerTables(let text): throw Failure(text, .tempFail)
        case .failed(let text): throw Failure(text, .ioError)
        case .relayDown: throw relayDown
        case .relayRefuses(let text): throw Self.relayRefuses(text)
        case .paused(let pauses): throw try paused(pauses)
        case .restored:
            throw Self.stopped(
                "the database was restored from an older state, so this drain sends nothing",
                try waiting(), "look at them, then `\(RestoreText.end)`, then drain again")
        case .stopped:
            let waiting = try waiting()
            guard waiting == 0 else {
                throw Self.stopped(
                    "this drain was stopped", waiting,
                    rows == nil ? "`outboxd drain` goes on" : "the same command goes on")
            }
            return .ok
        case .drained:
            try sayPausedMeanwhile()
            return try drained()
        }
    }

    /// What is not done says so.
    private func drained() throws -> ExitCode {
        if isOtherRelay, tally.returned > 0 {
            Terminal.complain(
                "exit code 75: the other relay did not take \(counted(tally.returned, "mail")); "
                    + "\(tally.returned == 1 ? "it waits" : "they wait") for the usual one as before"
            )
            return .tempFail
        }
        if try hasDeferred() {
            Terminal.complain("exit code 75: \(try undone())")
            return .tempFail
        }
        guard tally.uncertain == 0 else {
            Terminal.complain(
                "exit code 75: \(counted(tally.uncertain, "mail")) may or may not have arrived; "
                    + "`outboxd list --reason uncertain` shows those that are held")
            return .tempFail
        }
        return .ok
    }

    private func undone() throws -> String {
        let rest = try remainder()
        if rest.byReason[.deferred, default: 0] == 0, rest.byReason[.sender, default: 0] > 0 {
            return "mail waits for its sender: the relay refuses it, or none can be used; "
                + "`outboxd list --reason sender` shows which"
        }
        let next = rest.next[.deferred].map {
            ", the first \(TimeText(now: SystemClock().wallNow()).relative($0))"
        }
        return "some mail is still to be tried again\(next ?? ""): a daemon does that, "
            + "or `outboxd drain --wait`"
    }

    private var relayDown: Failure {
        let error = tally.relayError
        return Failure(
            "the relay can't be used (\(error?.stage.rawValue ?? "connect")): "
                + "\(error?.text ?? "no answer"); the mail waits, nothing is lost",
            .unavailable)
    }

    private static func relayRefuses(_ text: String) -> Failure {
        Failure(
            "the other relay refuses one mail after the other: \(text); this drain has stopped, no "
                + "row has failed for it; check --smtp-url and its password",
            .unavailable)
    }

    private func paused(_ pauses: Set<String>) throws -> Failure {
        let first = pauses.sorted().first ?? ""
        let helpdesk = first.isEmpty ? nil : first
        return Self.stopped(
            "\(PauseText.subject(helpdesk)) was paused while this drain ran, so it has stopped",
            try waiting(), "`\(PauseText.end(helpdesk))`, then drain again")
    }

    /// A pause of an operator's stops a drain; one of the API server's only takes its helpdesk out.
    private func sayPausedMeanwhile() throws {
        let new = try store.reader.pauses().filter {
            $0.author == .api && !pausedAtStart.contains($0.helpdeskID ?? "")
        }
        let most = 10_000
        for helpdesk in new.compactMap(\.helpdeskID) {
            let filter = OutboxView.Filter(
                states: [.pending], reasons: [WaitReason.paused.rawValue], helpdeskID: helpdesk)
            let waiting = try store.reader.list(
                filter, limit: most, from: nil, at: SystemClock().wallNow()
            ).count
            guard waiting > 0 else { continue }
            Terminal.complain(
                "\(PauseText.subject(helpdesk)) was paused by the API server while this drain ran; "
                    + "rows of it that still wait: \(waiting == most ? "at least " : "")\(waiting)")
        }
    }

    private static func stopped(
        _ what: String, _ waiting: Int, _ next: String
    ) -> Failure {
        Failure("\(what); rows that still wait: \(waiting); \(next)", .tempFail)
    }

    private func hasDeferred() throws -> Bool {
        guard rows != nil else { return try store.hasDeferred(orForSender: true) }
        return try remainder().hasDeferred
    }

    private func waiting() throws -> Int { try remainder().rows }

    /// Counted once: the summary and the exit code tell of the same.
    func remainder() throws -> Remainder {
        if let known = memory.remainder { return known }
        let remainder = try Remainder(of: rows, store.reader, at: SystemClock().wallNow())
        memory.remainder = remainder
        return remainder
    }

    private final class Memory {
        var remainder: Remainder?
    }
}
