internal import Delivery
internal import Service

/// What came of the test, in a sentence and an exit code.
struct SendTestResult {
    var line: String
    var code: ExitCode

    init(
        _ verdict: Verdict, _ end: DialogueEnd, to recipient: String,
        gate: LoginGate = LoginGate(usesToken: false)
    ) {
        switch verdict {
        case .accepted(let reply):
            let id = QueueID.find(in: reply.text).map { ", as \($0) in its queue" } ?? ""
            self.init(
                "the relay took the mail to \(recipient)\(id): \(reply.code) \(reply.text); whether it "
                    + "arrives is seen in that mailbox", .ok)
        case .rejected(let error):
            self.init(
                "the relay refuses this \(Self.subject(error.stage)) for good: \(error.line)",
                .dataError)
        case .unsupported(let error):
            self.init("the relay can't take this mail: \(error.line)", .dataError)
        case .unauthorized(let error):
            self.init(
                "the relay does not let this sender in: \(error.line); "
                    + (gate.advice(error)
                        ?? "check the user in OUTBOXD_SMTP_URL, its password, and whether it may send "
                        + "from this address"),
                .unavailable)
        case .uncertain(let error):
            self.init(
                "the mail went out and no clear reply came, so that it may arrive: \(error.line)",
                .tempFail)
        case .deferred(let error), .turnedAway(let error):
            self.init(error, isReply: end.isReply)
        case .relayTrouble(let trouble): self.init(error: trouble.error)
        case .released(let error): self.init(error: error)
        }
    }

    /// The relay could not be reached, or did not let us in.
    init(_ trouble: RelayTrouble, gate: LoginGate = LoginGate(usesToken: false)) {
        let advice = gate.advice(trouble.error) ?? "`outboxd check` says what to do"
        self.init("no mail was sent: \(trouble.error.line); \(advice)", .unavailable)
    }

    private init(_ error: DeliveryError, isReply: Bool) {
        guard isReply else {
            self.init(error: error)
            return
        }
        self.init(
            "the relay refuses this \(Self.subject(error.stage)) for now: \(error.line); a daemon "
                + "would try again", .tempFail)
    }

    private init(error: DeliveryError) {
        self.init("the connection to the relay broke: \(error.line)", .unavailable)
    }

    private init(_ line: String, _ code: ExitCode) {
        self.line = line
        self.code = code
    }

    private static func subject(_ stage: Stage) -> String {
        switch stage {
        case .mail: "sender"
        case .rcpt: "recipient"
        default: "mail"
        }
    }
}

extension DialogueEnd {
    fileprivate var isReply: Bool {
        if case .reply = cause { true } else { false }
    }
}
