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

            Exit code 65 where any of the rows is not held; the others are settled all the same.
            """,
        options: [
            .flag("sent", "it has arrived: the rows count as sent"),
            .flag("resend", "it has not: send it again"),
        ],
        positionals: [PositionalSpec("ID", "ids of rows that are held", count: .oneOrMore)],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let ids = try context.rowIDs()
        let resolution = try resolution(context)
        let store = try context.outbox(try context.settings())
        var settled: [Int64: Int64] = [:]
        var unsettled = 0
        for id in ids {
            let line: String
            switch try resolve(id, as: resolution, in: store, settled: &settled, context) {
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
        settled: inout [Int64: Int64], _ context: CommandContext
    ) throws -> Result<String, Failure> {
        let story = try store.reader.story(of: id, at: context.now)
        if let mailID = story?.mail?.id, let first = settled[mailID] {
            return .success("is in the same mail as row \(first), settled with it")
        }
        switch try store.resolve(row: id, as: resolution, at: context.now) {
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
