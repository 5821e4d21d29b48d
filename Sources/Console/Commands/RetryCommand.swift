internal import Delivery
internal import Engine
internal import Service
internal import Store

struct RetryCommand: Command {
    static let spec = CommandSpec(
        name: "retry", summary: "send failed rows again, and deferred ones now",
        discussion: """
            A failed row waits again, is due at once and has its whole time until it expires; it keeps \
            its story and its Message-ID. A row that waits is due now; what else holds it (a pause, the \
            relay) still does. Without a --state or --reason a selection means failed rows and \
            deferred ones. A row that was sent or read stays as it is; held ones are for `outboxd \
            resolve`. What has failed for its own values (invalid_address, invalid_row) is refused until it is \
            corrected in the table `outbox`, and then taken in anew. Asks on a terminal before it acts on more \
            than one row.

            For example, all that was refused while the relay had lost its list of domains: \
            `outboxd retry --error "relay access denied" --since 2h --why "list was lost"`

            Exit code 65 if a row that was named can't be retried; 75 if it was interrupted.
            """,
        options: BulkChange.options, positionals: [Selection.ids], settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let filter = try context.filter()
        let names = !filter.states.isEmpty || !filter.reasons.isEmpty
        if !filter.states.isEmpty, filter.states.isSubset(of: [.sent, .sending]) {
            throw context.usage("a row that is sent or being sent can't be retried")
        }
        let never = [WaitReason.uncertain.rawValue, SkipReason.read.rawValue]
        if !filter.reasons.isEmpty, filter.reasons.isSubset(of: never) {
            throw context.usage(
                "what was read is over, and what may have arrived is for `outboxd resolve`")
        }
        return try BulkChange(
            words: .init(
                verb: "retry", done: ("is tried again", "are tried again"),
                would: "would be tried again", key: "retried",
                hint:
                    "failed rows and deferred ones are tried again, and those that ids, a --state or a "
                    + "--reason name, as far as they can be; an invalid one once it is corrected"),
            deed: .retry(fault: RowRules.fault),
            isEligible: { Self.isEligible($0, names: names) }
        ).run(context)
    }

    /// - Parameter names: The selection names states or reasons: it means what it says.
    private static func isEligible(_ row: OutboxView.Row, names: Bool) -> Bool {
        switch row.state {
        case .failed: true
        case .pending:
            names
                ? row.reason != WaitReason.uncertain.rawValue
                : row.reason == WaitReason.deferred.rawValue
        case .skipped:
            names
                && [.suppressed, .stale, .cancelled].map(\SkipReason.rawValue).contains(row.reason)
        case .sending, .sent: false
        }
    }
}
