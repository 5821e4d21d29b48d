internal import Delivery
internal import Service
internal import Store

struct ListCommand: Command {
    static let spec = CommandSpec(
        name: "list", summary: "rows, the newest first",
        discussion: """
            Several --state or --reason mean any of them. The states are pending, sending, sent, \
            skipped and failed. The reasons: \(words(WaitReason.self)) (pending rows); \
            \(words(SkipReason.self)) (skipped); \(words(FailReason.self)) (failed).

            The table shows the newest 100 rows unless --limit says otherwise; --json prints an \
            array of all. Times in the table are relative to now; in JSON they are milliseconds \
            since the Unix epoch.
            """,
        options: [
            .value("state", "STATE", "only rows in this state", isRepeatable: true),
            .value("reason", "REASON", "only rows with this reason", isRepeatable: true),
            .value("helpdesk", "ID", "only rows of this helpdesk"),
            .value("conversation", "ID", "only rows of this conversation"),
            .value("recipient", "ADDRESS", "only rows to this address, in any spelling"),
            .value("limit", "N", "at most N rows"),
            .flag("json", "print an array"),
        ],
        settings: [.database])

    private static func words<Reason: CaseIterable & RawRepresentable<String>>(
        _ reasons: Reason.Type
    ) -> String {
        reasons.allCases.map(\.rawValue).listed("and")
    }

    private static let tableLimit = 100
    /// What is read at once: what is printed holds no snapshot open.
    private static let page = 5_000

    func run(_ context: CommandContext) throws -> ExitCode {
        let filter = try filter(context)
        let limit = try context.count("limit")
        let reader = try context.reader(try context.settings())
        if context.parsed.has("json") {
            try printJSON(reader, filter, limit: limit ?? .max, now: context.now)
        } else {
            try printTable(reader, filter, limit: limit ?? Self.tableLimit, now: context.now)
        }
        return .ok
    }

    private func filter(_ context: CommandContext) throws -> OutboxView.Filter {
        let states = try context.parsed.values("state").map { name in
            guard let state = RowState.allCases.first(where: { $0.name == name }) else {
                throw context.unknownWord(name, "state", RowState.allCases.map(\.name))
            }
            return state
        }
        let known = OutboxView.Filter.knownReasons
        let reasons = context.parsed.values("reason")
        for reason in reasons where !known.contains(reason) {
            throw context.unknownWord(reason, "reason", known)
        }
        return OutboxView.Filter(
            states: Set(states), reasons: Set(reasons), helpdeskID: try context.text("helpdesk"),
            conversationID: try context.text("conversation"),
            recipient: try context.text("recipient"))
    }

    // MARK: Printing

    private func printJSON(
        _ reader: any OutboxReader, _ filter: OutboxView.Filter, limit: Int, now: WallTime
    ) throws {
        var left = limit
        var position = try reader.start()
        var isFirst = true
        try Terminal.print("[")
        while left > 0 {
            let size = min(left, Self.page)
            let rows = try reader.list(filter, limit: size, from: position, at: now)
            var text = ""
            for row in rows {
                text += (isFirst ? "\n  " : ",\n  ") + row.json.text()
                isFirst = false
            }
            try Terminal.print(text)
            left -= rows.count
            guard rows.count == size, let last = rows.last else { break }
            position = position.after(last)
        }
        try Terminal.print(isFirst ? "]\n" : "\n]\n")
    }

    private func printTable(
        _ reader: any OutboxReader, _ filter: OutboxView.Filter, limit: Int, now: WallTime
    ) throws {
        let found = try reader.list(
            filter, limit: limit.addingReportingOverflow(1).partialValue, from: nil, at: now)
        let rows = found.prefix(limit)
        if rows.isEmpty { return try Terminal.print("no row matches\n") }
        try Terminal.print(RowTable.text(rows, now: now, width: Terminal.width))
        if found.count > limit {
            Terminal.complain("there are more than these \(limit) rows; --limit N shows N")
        }
    }
}

extension CommandContext {
    fileprivate func unknownWord(_ word: String, _ kind: String, _ known: [String]) -> UsageError {
        usage(
            "\(Escaping.quoted(word, limit: 80)) is no \(kind); there are "
                + known.joined(separator: ", "))
    }
}
