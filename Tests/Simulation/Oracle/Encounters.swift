/// What the generator has really made: how often a row in each state met each event, and a mail each trouble of the
/// relay.
struct Encounters {
    private var events: [String: [String: Int]] = [:]
    private var troubles: [RelayMood.Trouble: Int] = [:]

    private static let states = [
        "none", "hold", "queued", "sending", "deferred", "paused", "relay", "sender", "uncertain",
        "sent",
        "skipped", "failed",
    ]

    mutating func note(_ event: String, _ row: LedgerRow?) {
        guard let row else { return }
        let state = row.state == "pending" ? row.reason ?? "queued" : row.state
        events[event, default: [:]][state, default: 0] += 1
    }

    mutating func add(_ other: Encounters) {
        for (event, counts) in other.events {
            events[event, default: [:]].merge(counts) { $0 + $1 }
        }
        add(other.troubles)
    }

    mutating func add(_ faults: [RelayMood.Trouble: Int]) { troubles.merge(faults) { $0 + $1 } }

    /// As Markdown.
    var table: String {
        var lines = [
            "| event | \(Self.states.joined(separator: " | ")) |",
            "|---|\(Self.states.map { _ in "---|" }.joined())",
        ]
        for event in events.keys.sorted() {
            let counts = Self.states.map { events[event]?[$0].map(String.init) ?? "" }
            lines.append("| \(event) | \(counts.joined(separator: " | ")) |")
        }
        return (lines + [""] + relayTable).joined(separator: "\n")
    }

    /// Stage by fault: a cell is empty where the generator has no such trouble.
    private var relayTable: [String] {
        typealias Trouble = RelayMood.Trouble
        var lines = [
            "| stage | \(Trouble.faults.joined(separator: " | ")) |",
            "|---|\(Trouble.faults.map { _ in "---|" }.joined())",
        ]
        for stage in Trouble.Stage.allCases {
            let counts = Trouble.faults.map { fault in
                let met = Trouble.allCases.filter { $0.stage == stage && $0.fault == fault }
                return met.isEmpty ? "" : "\(met.reduce(0) { $0 + (troubles[$1] ?? 0) })"
            }
            lines.append("| \(stage.rawValue) | \(counts.joined(separator: " | ")) |")
        }
        return lines
    }
}

extension Action {
    /// The row that it is about, by its place, and a word for what it does.
    var rowEvent: (place: Int, word: String)? {
        switch self {
        case .edit(let row): (row, "edit")
        case .cancel(let row): (row, "cancel")
        case .delete(let row): (row, "delete")
        case .read(let row): (row, "read")
        case .makeInstant(let row): (row, "make instant")
        case .retry(let row): (row, "`retry`")
        case .cancelByOperator(let row): (row, "`cancel`")
        case .resolve(let row, let asSent):
            (row, asSent ? "`resolve --sent`" : "`resolve --resend`")
        default: nil
        }
    }

    /// What happens to every row that is there.
    var commonEvent: String? {
        switch self {
        case .pause: "`pause`"
        case .pauseHelpdesk(_, true): "helpdesk paused"
        case .suppress(_, true): "suppress"
        case .kill: "a process dies"
        case .freeze: "a process is stopped"
        case .preempt: "a process loses the processor"
        case .setClock: "the clock is set"
        case .disk: "the disk fails"
        case .prune: "`prune`"
        case .drain: "`drain`"
        default: nil
        }
    }
}
