internal import Delivery
internal import Engine
internal import SMTP
internal import Service
internal import Store

struct ProbeCommand: Command {
    static let spec = CommandSpec(
        name: "probe", summary: "try the relay now, instead of when its pause is over",
        discussion: """
            Connects and logs in with the settings at hand, as `outboxd check` does, and has the outboxd that \
            run try the relay with a mail at once. If it works, what waits for it goes on.

            For example, as soon as the relay is back: `outboxd probe`

            Exit code 69 if the relay can't be used.
            """,
        settings: SettingKey.allCases)

    /// How long it is waited for what the processes find.
    private static let patience: Duration = .seconds(10)

    func run(_ context: CommandContext) throws -> ExitCode {
        let settings = try context.settings()
        let store = try context.outbox(settings)
        let before = try store.reader.relay()
        let asked = context.now
        let hasWaiting = try store.reader.numbers(at: asked).waiting[.relay, default: 0] > 0
        try store.wantProbe(at: asked)
        // Senders are for `check`: the relay is tried, and nothing more.
        let nobody = SendersToTry(from: nil, bounceAddress: nil, helpdesks: [])
        let findings = RelayCheck(
            settings: ConnectionSettings(settings.relay), senders: nobody, now: context.now
        ).findings().filter { $0.subject == .relay || $0.result == .fail }
        let failure = findings.first { $0.result == .fail }
        for finding in findings where failure == nil || finding.result == .fail {
            try Terminal.print("\(finding.text)\n")
        }
        if before.state == .down, LiveProcesses(onDatabase: settings.database).count > 0 {
            let outcome =
                hasWaiting
                ? try outcome(store.reader, since: asked, context)
                : "no mail waits for the relay alone; the next one that is due goes at once"
            try Terminal.print(outcome + "\n")
        }
        return failure == nil ? .ok : .unavailable
    }

    /// What the processes have found since they were asked.
    private func outcome(
        _ reader: any OutboxReader, since asked: WallTime, _ context: CommandContext
    ) throws -> String {
        let steps = Int(Self.patience.inMilliseconds / 100)
        for _ in 0..<steps {
            let relay = try reader.relay()
            if let triedAt = relay.triedAt, triedAt >= asked {
                return Self.sentence(relay, TimeText(now: context.now))
            }
            _ = Waiting.poll([], timeout: .milliseconds(100))
        }
        return
            "nothing was heard for \(TimeText.length(Self.patience)); `outboxd status` tells when it is"
    }

    private static func sentence(_ relay: RelayStatus, _ time: TimeText) -> String {
        guard relay.state == .down else { return "mail goes out again" }
        let error = relay.error.map { ": \(Escaping.printable($0.line))" } ?? ""
        let next = relay.nextProbeAt.map { ", tried next \(time.relative($0))" } ?? ""
        return "still down\(error)\(next)"
    }
}
