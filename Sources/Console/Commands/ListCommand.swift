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

            --group-by counts instead: error is the reply's text without what differs from \
            recipient to recipient; age is a table of domains by how long ago the reply was written.

            For example, what the relay has said in the last two hours: \
            `outboxd list --since 2h --group-by error`
            """,
        options: Selection.options + [
            .value(
                "group-by", "WHAT", "count by error, helpdesk, domain, age or reason",
                values: Grouping.allCases.map(\.rawValue)),
            .flag("json", "print an array"),
        ],
        positionals: [Selection.ids],
        settings: [.database])

    private static func words<Reason: CaseIterable & RawRepresentable<String>>(
        _ reasons: Reason.Type
    ) -> String {
        reasons.allCases.map(\.rawValue).listed("and")
    }

    private static let tableLimit = 100

    func run(_ context: CommandContext) throws -> ExitCode {
        let grouping = try context.grouping()
        try context.checkSelection()
        let reader = try context.reader(try context.settings(only: [.database]))
        let selection = try context.selection(in: reader)
        if let grouping {
            let groups = try RowGroups(
                reader, selection, by: grouping, now: context.now)
            try Terminal.print(context.parsed.has("json") ? groups.json : groups.text)
            return .ok
        }
        if context.parsed.has("json") {
            try printJSON(
                reader, selection.filter, limit: selection.limit, now: context.now)
        } else {
            try printTable(
                reader, selection.filter, limit: selection.limit ?? Self.tableLimit,
                now: context.now)
        }
        return selection.isUnknown(try known(selection, reader, context.now)) ? .dataError : .ok
    }

    /// Those of the ids that were named that are there; the others are told.
    private func known(
        _ selection: Selection, _ reader: any OutboxReader, _ now: WallTime
    ) throws -> Set<Int64> {
        guard !selection.ids.isEmpty else { return [] }
        var filter = OutboxView.Filter()
        filter.ids = Set(selection.ids)
        let known = Set(
            try reader.list(filter, limit: selection.ids.count, from: nil, at: now).map(\.id))
        for id in selection.ids where !known.contains(id) {
            Terminal.complain("there is no row \(id)")
        }
        return known
    }

    // MARK: Printing

    private func printJSON(
        _ reader: any OutboxReader, _ filter: OutboxView.Filter, limit: Int?, now: WallTime
    ) throws {
        var isFirst = true
        try Terminal.print("[")
        try RowGathering(reader: reader, now: now).forEachPage(filter, limit: limit) { rows in
            var text = ""
            for row in rows {
                text += (isFirst ? "\n  " : ",\n  ") + row.json.text()
                isFirst = false
            }
            try Terminal.print(text)
            return true
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
