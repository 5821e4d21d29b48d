internal import Delivery
internal import Service
internal import Store

/// The rows that a command would change: their ids, how many of each helpdesk, and five to look at.
struct RowPlan {
    private(set) var ids: [Int64] = []
    /// Of rows whose ids are not known.
    private var total: Int?
    private(set) var byHelpdesk: [String: Int] = [:]
    private(set) var examples: [OutboxView.Row] = []
    private static let mostExamples = 5
    /// More helpdesks than these are not listed.
    private static let mostHelpdesks = 20

    mutating func add(_ row: OutboxView.Row) {
        ids.append(row.id)
        byHelpdesk[row.helpdeskID, default: 0] += 1
        if examples.count < Self.mostExamples { examples.append(row) }
    }

    var count: Int { total ?? ids.count }

    init() {}

    /// Of rows that were only counted.
    init(byHelpdesk: [String: Int], examples: [OutboxView.Row]) {
        self.byHelpdesk = byHelpdesk
        self.examples = examples
        total = byHelpdesk.values.reduce(0, +)
    }

    private var helpdesks: [(String, Int)] {
        byHelpdesk.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }

    /// - Parameter verb: such as `would be cancelled`.
    func text(_ verb: String, now: WallTime) -> String {
        guard count > 0 else { return "no row \(verb)\n" }
        var table = Table([.init(title: "ROWS", isNumber: true), .init(title: "HELPDESK")])
        for (helpdesk, rows) in helpdesks.prefix(Self.mostHelpdesks) {
            table.add([String(rows), helpdesk])
        }
        let more = helpdesks.count - Self.mostHelpdesks
        let rest = more > 0 ? "and \(counted(more, "more helpdesk"))\n" : ""
        let head = "\(counted(count, "row")) \(verb)\n\n"
        let shown = count > examples.count ? "for example\n" : ""
        return head + table.text(width: Terminal.width) + rest + "\n" + shown
            + RowTable.text(examples, now: now, width: Terminal.width)
    }

    /// - Parameter key: such as `would_cancel`.
    func json(_ key: String, besides more: [JSON.Member] = []) -> JSON {
        .members(
            [
                JSON.Member(key, JSON(count)),
                JSON.Member(
                    "by_helpdesk", .members(helpdesks.map { JSON.Member($0.0, JSON($0.1)) })),
                JSON.Member("examples", .array(examples.map(\.json))),
            ] + more)
    }
}

extension CommandContext {
    /// `--dry-run` of a command that concerns all rows of a kind.
    func printPlan(_ filter: OutboxView.Filter, _ would: String, _ settings: Settings) throws {
        let plan = try RowGathering(reader: try reader(settings), now: now).plan(filter)
        try Terminal.print(plan.text(would, now: now))
    }
}
