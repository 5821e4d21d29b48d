internal import Delivery
internal import Mail
internal import Service
internal import Store

struct SuppressAddCommand: Command {
    static let spec = CommandSpec(
        name: "suppress add", summary: "send no more mail to an address",
        discussion: """
            Adds the address to the API server's table `suppressions`, for one helpdesk or for all. What \
            waits for it is skipped when it comes up, reason `suppressed`. An address that is there already gets \
            the new reason and end.

            For example: `outboxd suppress add ben@example.com --why "asked by phone" --for 90d`
            """,
        options: [
            .value("helpdesk", "ID", "only mail of this helpdesk"),
            .value("why", "TEXT", "the reason, kept with the address"),
            .value("for", "DURATION", "so long, such as 30d; else for good"),
            .flag("dry-run", "say which rows it concerns, and change nothing"),
        ],
        positionals: [PositionalSpec("ADDRESS", "an email address, in any spelling")],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let address = try context.address()
        let helpdesk = try context.text("helpdesk")
        let length = try context.duration("for")
        let note = try context.note()
        let settings = try context.settings()
        let waiting = OutboxView.Filter(
            states: [.pending], helpdeskID: helpdesk, recipient: address)
        if context.parsed.has("dry-run") {
            try context.printPlan(waiting, "would be skipped", settings)
            return .ok
        }
        let store = try context.outbox(settings)
        let now = context.now
        let until = length.map { now + $0 }
        try store.suppress(address, helpdesk: helpdesk ?? "", until: until, by: note, at: now)
        let end = until.map { "until \(TimeText.moment($0))" } ?? "for good"
        try Terminal.print(
            "\(Escaping.printable(address)) gets no mail \(SuppressionText.place(helpdesk)), \(end)\n"
        )
        return .ok
    }
}

struct SuppressRemoveCommand: Command {
    static let spec = CommandSpec(
        name: "suppress remove", summary: "send mail to an address again",
        discussion: """
            Takes the address out of `suppressions`: the entry of one helpdesk, or without --helpdesk the one \
            that counts everywhere. Rows that were skipped meanwhile stay skipped; `outboxd retry --reason \
            suppressed --recipient ADDRESS` sends them.

            For example: `outboxd suppress remove ben@example.com`

            Exit code 65 if there is no such entry.
            """,
        options: [
            .value("helpdesk", "ID", "the entry of this helpdesk"),
            .value("why", "TEXT", "the reason, for the rows' stories"),
            .flag("dry-run", "say what would be removed, and change nothing"),
        ],
        positionals: [PositionalSpec("ADDRESS", "an email address, in any spelling")],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let address = try context.address()
        let helpdesk = try context.text("helpdesk")
        let note = try context.note()
        let settings = try context.settings()
        if context.parsed.has("dry-run") {
            return try dryRun(address, helpdesk, try context.reader(settings), context.now)
        }
        let store = try context.outbox(settings)
        let place = SuppressionText.place(helpdesk)
        guard
            try store.unsuppress(
                address, helpdesk: helpdesk ?? "", by: note, at: context.now)
        else {
            throw Failure(
                "no entry keeps mail to \(address) \(place) back: it is not suppressed there; "
                    + "`outboxd suppress list` shows who is",
                .dataError)
        }
        try Terminal.print("\(Escaping.printable(address)) gets mail again \(place)\n")
        let others = try store.reader.suppressions(of: address, at: context.now)
        for other in others {
            Terminal.complain(
                "it is still suppressed \(SuppressionText.place(other.helpdeskID)): \(other.reason)"
            )
        }
        return .ok
    }
}

extension SuppressRemoveCommand {
    private func dryRun(
        _ address: String, _ helpdesk: String?, _ reader: any OutboxReader, _ now: WallTime
    ) throws -> ExitCode {
        let found = try reader.suppressions(of: address, at: now)
            .filter { $0.helpdeskID == helpdesk ?? "" }
        try Terminal.print(
            found.isEmpty ? "no entry would be removed\n" : SuppressionText.table(found, now: now))
        return found.isEmpty ? .dataError : .ok
    }
}

struct SuppressListCommand: Command {
    static let spec = CommandSpec(
        name: "suppress list", summary: "addresses that get no mail",
        discussion: """
            Entries that are over are left out. The newest come first.

            For example: `outboxd suppress list --helpdesk acme`
            """,
        options: [
            .value("helpdesk", "ID", "those that count for this helpdesk"),
            .value("limit", "N", "at most N entries; else 1,000"),
            .flag("json", "print an array"),
        ],
        settings: [.database])

    private static let limit = 1_000

    func run(_ context: CommandContext) throws -> ExitCode {
        let helpdesk = try context.text("helpdesk")
        let limit = try context.count("limit") ?? Self.limit
        let reader = try context.reader(try context.settings())
        let found = try reader.suppressions(
            helpdesk: helpdesk, limit: limit.addingReportingOverflow(1).partialValue,
            at: context.now)
        let shown = found.prefix(limit)
        if context.parsed.has("json") {
            try Terminal.print(JSON.array(shown.map(\.json)).text(expanding: 1) + "\n")
        } else if shown.isEmpty {
            try Terminal.print("no address is suppressed\n")
        } else {
            try Terminal.print(SuppressionText.table(shown, now: context.now))
        }
        if found.count > limit {
            Terminal.complain("there are more than these \(limit) entries; --limit N shows N")
        }
        return .ok
    }
}

/// A suppression in words.
private enum SuppressionText {
    /// - Parameter helpdesk: nil and "" are everywhere.
    static func place(_ helpdesk: String?) -> String {
        guard let helpdesk, !helpdesk.isEmpty else { return "from any helpdesk" }
        return "from helpdesk \(Escaping.printable(helpdesk))"
    }

    static func table(
        _ entries: some Collection<OutboxView.Suppression>, now: WallTime
    ) -> String {
        let time = TimeText(now: now)
        var table = Table([
            .init(title: "ADDRESS"), .init(title: "HELPDESK"), .init(title: "SINCE"),
            .init(title: "ENDS"), .init(title: "REASON"),
        ])
        for entry in entries {
            table.add([
                entry.address, entry.helpdeskID.isEmpty ? "(all)" : entry.helpdeskID,
                time.relative(entry.createdAt), entry.expiresAt.map(time.relative) ?? "never",
                entry.reason,
            ])
        }
        return table.text(width: Terminal.width)
    }
}

extension OutboxView.Suppression {
    var json: JSON {
        .object([
            "helpdesk_id": .string(helpdeskID), "address": .string(address),
            "reason": .string(reason), "created_at": JSON(createdAt),
            "expires_at": JSON(expiresAt),
        ])
    }
}

extension CommandContext {
    /// As it is compared: trimmed and lower-cased.
    fileprivate func address() throws -> String {
        let text = parsed.positionals.first ?? ""
        do {
            _ = try EmailAddress(AddressText.normalized(text))
            return AddressText.normalized(text)
        } catch {
            throw Failure(
                "\(Escaping.quoted(text, limit: 300)) is no email address: \(error)", .dataError)
        }
    }
}
