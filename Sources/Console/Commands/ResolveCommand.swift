internal import Delivery
internal import Service
internal import Store

struct ResolveCommand: Command {
    static let spec = CommandSpec(
        name: "resolve", summary: "settle uncertain mail that is held",
        discussion: """
            A mail is uncertain when the connection, or outboxd, died after the mail had gone out \
            and before the relay's reply was noted. With OUTBOXD_ON_UNCERTAIN=hold it is held until \
            somebody has looked, in the relay's log or with the recipient, whether it arrived. \
            `outboxd list --reason uncertain` shows the rows. An id settles the whole mail that the \
            row is in.

            --resend sends the very same copy again, with the same Message-ID. Rows that have been \
            read or cancelled meanwhile may make it unnecessary: then it does not go out.

            For example, after a look into the relay's log: `outboxd resolve 12 --sent --why "in its \
            log"`, or for all that are held: `outboxd resolve --all --resend`

            Exit code 65 where any of the rows is not held; the others are settled all the same.
            """,
        options: [
            .flag("sent", "it has arrived: the rows count as sent"),
            .flag("resend", "it has not: send it again"),
        ] + BulkChange.options.filter { $0.name != "json" && $0.name != "state" },
        positionals: [Selection.ids],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let resolution = try resolution(context)
        try context.checkSelection()
        let settings = try context.settings()
        let note = try context.note()
        guard let ids = try ids(context, resolution, try context.reader(settings)) else {
            return .ok
        }
        let store = try context.outbox(settings)
        var settled: [Int64: Int64] = [:]
        var unsettled = 0
        for id in ids {
            let line: String
            switch try resolve(id, as: resolution, in: store, settled: &settled, note, context) {
            case .success(let text): line = text
            case .failure(let failure):
                failure.lines.forEach(Terminal.complain)
                unsettled += 1
                continue
            }
            try Terminal.print("row \(id): \(line)\n")
        }
        return unsettled == 0 ? .ok : .dataError
    }

    /// Those that were named, or the held ones of the selection; nil if nothing is to be done.
    private func ids(
        _ context: CommandContext, _ resolution: Resolution, _ reader: any OutboxReader
    ) throws -> [Int64]? {
        var selection = try context.selection(in: reader)
        if selection.isEverything, !selection.isAll {
            throw context.usage("ID is missing, or a selection such as --helpdesk, or --all")
        }
        let isNamed = !selection.ids.isEmpty
        let held = WaitReason.uncertain.rawValue
        if !selection.filter.reasons.isEmpty, !selection.filter.reasons.contains(held) {
            throw context.usage("only rows with the reason \(held) are held")
        }
        if !isNamed { selection.filter.reasons = [held] }
        let plan = try RowGathering(reader: reader, now: context.now)
            .plan(selection.filter, limit: selection.limit)
        let would = resolution == .sent ? "would count as sent" : "would be sent again"
        if context.parsed.has("dry-run") {
            try Terminal.print(plan.text(would, now: context.now))
            return nil
        }
        if !isNamed, plan.count == 0 {
            try Terminal.print("no row is held as uncertain\n")
            return nil
        }
        guard BulkChange.isConfirmed(plan, "settle", would, context) else { return nil }
        return isNamed ? selection.ids : plan.ids.sorted()
    }

    private func resolution(_ context: CommandContext) throws -> Resolution {
        switch (context.parsed.has("sent"), context.parsed.has("resend")) {
        case (true, false): .sent
        case (false, true): .resend
        case (true, true): throw context.usage("--sent and --resend exclude each other")
        case (false, false): throw context.usage("--sent or --resend is missing")
        }
    }

    /// - Parameter settled: the mails settled so far, each with the row that it was settled by.
    private func resolve(
        _ id: Int64, as resolution: Resolution, in store: any OutboxOperator,
        settled: inout [Int64: Int64], _ note: OperatorNote, _ context: CommandContext
    ) throws -> Result<String, Failure> {
        let story = try store.reader.story(of: id, at: context.now)
        if let mailID = story?.mail?.id, let first = settled[mailID] {
            return .success("is in the same mail as row \(first), settled with it")
        }
        switch try store.resolve(row: id, as: resolution, by: note, at: context.now) {
        case .done(let mailID):
            settled[mailID] = id
            let what = "mail \(mailID)\(Self.others(story))"
            return .success(
                resolution == .sent ? "\(what) counts as sent" : "\(what) goes out again")
        case .notHeld(let state):
            return .failure(
                Failure("row \(id) is not held as uncertain, it is \(state)", .dataError))
        case .unknownRow:
            let text =
                story == nil
                ? "there is no row \(id)" : "row \(id) is not held: it was not ingested yet"
            return .failure(
                Failure("\(text); `outboxd list --reason uncertain` shows the held", .dataError))
        }
    }

    private static func others(_ story: OutboxView.Story?) -> String {
        let ids = (story?.mail?.otherRows ?? []).filter { $0.state == .pending }.map(\.id)
        guard !ids.isEmpty else { return "" }
        let shown = ids.prefix(20).map(String.init).joined(separator: ", ")
        return " (with \(ids.count == 1 ? "row" : "rows") \(shown)\(ids.count > 20 ? ", …" : ""))"
    }
}
