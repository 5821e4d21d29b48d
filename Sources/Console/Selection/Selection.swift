internal import Delivery
internal import Service
internal import Store

/// Which rows a command is about: ids, a filter, or all of them.
struct Selection {
    var filter: OutboxView.Filter
    /// Rows that were named; those that can't be handled are told one by one.
    var ids: [Int64]
    var limit: Int?
    /// `--all`.
    var isAll: Bool

    /// The options of `list` and of every command that takes a selection.
    static let options: [OptionSpec] = [
        .value(
            "state", "STATE", "only rows in this state", values: RowState.allCases.map(\.name),
            isRepeatable: true),
        .value(
            "reason", "REASON", "only rows with this reason",
            values: OutboxView.Filter.knownReasons, isRepeatable: true),
        .value("helpdesk", "ID", "only rows of this helpdesk"),
        .value("conversation", "ID", "only rows of this conversation"),
        .value("recipient", "ADDRESS", "only rows to this address, in any spelling"),
        .value("domain", "DOMAIN", "only rows to addresses of this domain"),
        .value("error", "TEXT", "only rows whose last error contains this, in any case"),
        .value("message-id", "ID", "only rows of this reply, or of the email with this Message-ID"),
        .value("since", "WHEN", "only replies written since then: 2h (ago), or RFC 3339"),
        .value("until", "WHEN", "only replies written until then"),
        .value("older-than", "WHEN", "the same as --until"),
        .value("limit", "N", "at most N rows, the newest first"),
    ]

    static let ids = PositionalSpec("ID", "a row's id, or an email's Message-ID", count: .any)

    /// Nothing narrows it down.
    var isEverything: Bool { ids.isEmpty && filter.isEverything && limit == nil }

    /// Rows are named, and nothing besides.
    var isOnlyIDs: Bool {
        var filter = filter
        filter.ids = nil
        return !ids.isEmpty && filter.isEverything
    }
}

extension OutboxView.Filter {
    var isEverything: Bool {
        states.isEmpty && reasons.isEmpty && isWide && error == nil && messageID == nil
            && since == nil && until == nil && ids == nil
    }

    private var isWide: Bool {
        helpdeskID == nil && conversationID == nil && recipient == nil && domain == nil
    }
}

extension CommandContext {
    /// The selection of the command line, checked.
    ///
    /// - Throws: ``UsageError`` for words that don't exist and for what no row can be; ``Failure`` (65)
    ///   for a Message-ID that is nobody's.
    func selection(in reader: any OutboxReader) throws -> Selection {
        var filter = try filter()
        let ids = try rowIDs(in: reader)
        if !ids.isEmpty { filter.ids = Set(ids) }
        return Selection(
            filter: filter, ids: ids, limit: try count("limit"), isAll: parsed.has("all"))
    }

    /// What is wrong with the words is said before a database is looked for.
    func checkSelection() throws {
        _ = try filter()
        _ = try count("limit")
        for text in parsed.positionals { try checkID(text) }
    }

    private func checkID(_ text: String) throws {
        if let id = Int64(text), id <= 0 {
            throw usage("\(text) is no row id; `outboxd list` shows them")
        }
        guard Int64(text) != nil || text.contains("@") else {
            throw usage(
                "\(Escaping.quoted(text, limit: 80)) is neither a row id nor a Message-ID; "
                    + "`outboxd list` shows the ids")
        }
    }

    /// Without the ids.
    func filter() throws -> OutboxView.Filter {
        let states = try parsed.values("state").map { name in
            guard let state = RowState.allCases.first(where: { $0.name == name }) else {
                throw unknownWord(name, "state", RowState.allCases.map(\.name))
            }
            return state
        }
        let known = OutboxView.Filter.knownReasons
        let reasons = parsed.values("reason")
        for reason in reasons where !known.contains(reason) {
            throw unknownWord(reason, "reason", known)
        }
        var filter = OutboxView.Filter(
            states: Set(states), reasons: Set(reasons), helpdeskID: try text("helpdesk"),
            conversationID: try text("conversation"), recipient: try text("recipient"))
        filter.domain = try text("domain").map { domain in
            domain.hasPrefix("@") ? String(domain.dropFirst()).lowercased() : domain.lowercased()
        }
        filter.error = try text("error")
        filter.messageID = try text("message-id").map(Self.bare)
        filter.since = try moment("since")
        filter.until = try moment("until")
        if let olderThan = try moment("older-than") {
            filter.until = min(filter.until ?? olderThan, olderThan)
        }
        try check(filter)
        return filter
    }

    private func check(_ filter: OutboxView.Filter) throws {
        if let since = filter.since, let until = filter.until, since > until {
            throw usage("no row can match: --since is later than --until or --older-than")
        }
        guard !filter.states.isEmpty, !filter.reasons.isEmpty else { return }
        if filter.isImpossible {
            let states = filter.states.map(\.name).sorted().joined(separator: ", ")
            let reasons = filter.reasons.sorted().joined(separator: ", ")
            throw usage("no row can match: none that is \(states) has the reason \(reasons)")
        }
    }

    /// A duration (ago) or a moment.
    func moment(_ option: String) throws -> WallTime? {
        guard let text = parsed.value(option) else { return nil }
        guard let moment = MomentText.parse(text, now: now) else {
            throw usage(
                "--\(option) takes a time such as 2h (ago) or 2026-11-28T03:12:00Z, not "
                    + Escaping.quoted(text, limit: 80))
        }
        return moment
    }

    // MARK: Ids

    /// Rows that the positional arguments name, each once, in their order.
    func rowIDs(in reader: any OutboxReader) throws -> [Int64] {
        var ids: [Int64] = []
        for text in parsed.positionals {
            let found = try rows(named: text, in: reader)
            ids += found.filter { !ids.contains($0) }
        }
        return ids
    }

    /// A number is a row's id; anything with an @ is a Message-ID.
    private func rows(named text: String, in reader: any OutboxReader) throws -> [Int64] {
        try checkID(text)
        if let id = Int64(text) { return [id] }
        var filter = OutboxView.Filter()
        filter.messageID = Self.bare(text)
        let found = try reader.list(filter, limit: 1_000, from: nil, at: now).map(\.id)
        guard !found.isEmpty else {
            throw Failure(
                "no row has the Message-ID \(Escaping.quoted(text, limit: 400)); `outboxd list` shows the rows",
                .dataError)
        }
        return found.sorted()
    }

    private static func bare(_ messageID: String) -> String {
        messageID.hasPrefix("<") && messageID.hasSuffix(">")
            ? String(messageID.dropFirst().dropLast()) : messageID
    }

    private func unknownWord(_ word: String, _ kind: String, _ known: [String]) -> UsageError {
        let near = Spelling.nearest(to: word, among: known).map { "; did you mean \($0)?" } ?? ""
        return usage(
            "\(Escaping.quoted(word, limit: 80)) is no \(kind)\(near); there are "
                + known.joined(separator: ", "))
    }
}

extension Selection {
    /// Some of the rows that were named are not there.
    func isUnknown(_ known: Set<Int64>) -> Bool { !Set(ids).subtracting(known).isEmpty }
}
