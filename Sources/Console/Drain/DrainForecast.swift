internal import Delivery
internal import Engine
internal import Service
internal import Store

/// `drain --dry-run`: what would go, and what would become of the rest, for people and for programs.
struct DrainForecast {
    let forecast: Forecast
    let failed: RowPlan
    let includesFailed: Bool
    let limit: Int?
    /// The first rows of mails that would go.
    let examples: [OutboxView.Row]
    let now: WallTime

    private static let mostHelpdesks = 20
    /// A helpdesk is told from others by so many columns.
    private static let leastHelpdesk = 16

    init(
        _ forecast: Forecast, _ selection: DrainSelection, _ reader: any OutboxReader,
        includesFailed: Bool, limit: Int?, now: WallTime
    ) throws {
        self.forecast = forecast
        self.failed = selection.failed
        self.includesFailed = includesFailed
        self.limit = limit
        self.now = now
        var filter = OutboxView.Filter()
        filter.ids = Set(forecast.examples.map(\.row))
        let found =
            forecast.examples.isEmpty
            ? [] : try reader.list(filter, limit: forecast.examples.count, from: nil, at: now)
        examples = forecast.examples.compactMap { example in found.first { $0.id == example.row } }
    }

    // MARK: Text

    func text(width: Int?) -> String {
        ([head] + skippedLines + waitingLines + failedLines).joined(separator: "\n") + "\n"
            + helpdesks(width) + shownExamples(width)
    }

    private var head: String {
        let mails = forecast.mails
        let combined = forecast.rows - mails
        var text =
            "\(DrainLine.counted(mails, "mail")) would be sent "
            + "(\(DrainLine.counted(forecast.rows, "row"))"
            + (combined > 0 ? "; combining saves \(DrainLine.counted(combined, "mail")))" : ")")
        if let limit, limit < mails { text += "; --limit \(limit) sends the first \(limit)" }
        return text
    }

    private var skippedLines: [String] {
        let reasons = SkipReason.allCases.compactMap { reason in
            forecast.skipped[reason].map { "\($0) \(reason.rawValue)" }
        }
        let faults = FailReason.allCases.compactMap { reason in
            forecast.failing[reason].map { "\($0) \(reason.rawValue)" }
        }
        return (reasons.isEmpty ? [] : ["would be skipped: \(reasons.joined(separator: ", "))"])
            + (faults.isEmpty ? [] : ["would fail: \(faults.joined(separator: ", "))"])
    }

    private var waitingLines: [String] {
        let time = TimeText(now: now)
        let lines = WaitReason.allCases.compactMap { reason in
            forecast.waiting[reason].map { waiting in
                let next = waiting.next.map {
                    ", the first until \(time.short($0)) (\(time.relative($0)))"
                }
                return
                    "would wait: \(DrainLine.counted(waiting.rows, "row")), \(Self.why(reason))\(next ?? "")"
            }
        }
        return lines
            + (forecast.underWay > 0
                ? ["\(counted(forecast.underWay, "row")) being sent by another outboxd"] : [])
    }

    private static func why(_ reason: WaitReason) -> String {
        switch reason {
        case .hold: "hold (not due yet)"
        case .deferred: "deferred (to be tried again, or behind another mail)"
        case .paused: "paused by the API server"
        case .sender: "sender (none that can be used, or the relay refuses it)"
        case .uncertain: "uncertain (`outboxd resolve` settles them)"
        case .relay, .queued, .restored: reason.rawValue
        }
    }

    private var failedLines: [String] {
        guard failed.count > 0 else { return [] }
        let rows = DrainLine.counted(failed.count, "failed row")
        guard includesFailed else {
            return ["\(rows) would stay so; --include-failed tries them again first"]
        }
        let refused =
            forecast.refused > 0
            ? "; \(forecast.refused) can't: cancelled, or invalid as before" : ""
        return ["\(rows) would wait again first (--include-failed), counted above\(refused)"]
    }

    private var sorted: [(name: String, numbers: Forecast.Helpdesk, failed: Int)] {
        Set(forecast.byHelpdesk.keys).union(failed.byHelpdesk.keys).map { name in
            (
                name: name, numbers: forecast.byHelpdesk[name] ?? .init(),
                failed: includesFailed ? 0 : failed.byHelpdesk[name] ?? 0
            )
        }.filter { $0.numbers != .init() || $0.failed > 0 }.sorted {
            ($1.1.mails, $1.1.waiting, $0.0) < ($0.1.mails, $0.1.waiting, $1.0)
        }
    }

    private func helpdesks(_ width: Int?) -> String {
        let all = sorted
        guard !all.isEmpty else { return "" }
        let omissions = [nil, 2, 1, nil, 3].map { order in
            order.map { Table.Omission(order: $0, untilLastHas: Self.leastHelpdesk) }
        }
        var table = Table(
            zip(["MAILS", "ROWS", "SKIPPED", "WAITING", "FAILED"], omissions).map {
                .init(title: $0, isNumber: true, omission: $1)
            }
                + [.init(title: "HELPDESK")])
        for (name, numbers, failed) in all.prefix(Self.mostHelpdesks) {
            table.add(
                [
                    numbers.mails, numbers.rows, numbers.skipped, numbers.waiting,
                    failed + numbers.failing,
                ].map(String.init) + [name])
        }
        let more = all.count - Self.mostHelpdesks
        return "\n" + table.text(width: width)
            + (more > 0 ? "and \(counted(more, "helpdesk")) more\n" : "")
    }

    private func shownExamples(_ width: Int?) -> String {
        var text = ""
        if !examples.isEmpty {
            text += "\nwould be sent, for example\n"
            text += RowTable.text(examples, now: now, width: width)
        }
        if !failed.examples.isEmpty {
            text += "\nfailed\(includesFailed ? " so far" : ""), for example\n"
            text += RowTable.text(failed.examples, now: now, width: width)
        }
        return text
    }

    // MARK: JSON

    var json: JSON {
        .object([
            "mails": JSON(forecast.mails), "rows": JSON(forecast.rows),
            "combined": JSON(forecast.rows - forecast.mails), "limit": JSON(limit),
            "skipped": .members(
                SkipReason.allCases.compactMap { reason in
                    forecast.skipped[reason].map { .init(reason.rawValue, JSON($0)) }
                }),
            "failing": .members(
                FailReason.allCases.compactMap { reason in
                    forecast.failing[reason].map { .init(reason.rawValue, JSON($0)) }
                }),
            "waiting": .members(
                WaitReason.allCases.compactMap { reason in
                    forecast.waiting[reason].map { waiting in
                        .init(
                            reason.rawValue,
                            .object(["rows": JSON(waiting.rows), "next_at": JSON(waiting.next)]))
                    }
                }),
            "sending": JSON(forecast.underWay), "failed": JSON(failed.count),
            "refused": JSON(forecast.refused),
            "include_failed": .bool(includesFailed),
            "by_helpdesk": .members(
                sorted.map { name, numbers, failed in
                    .init(
                        name,
                        .object([
                            "mails": JSON(numbers.mails), "rows": JSON(numbers.rows),
                            "skipped": JSON(numbers.skipped), "waiting": JSON(numbers.waiting),
                            "failing": JSON(numbers.failing), "failed": JSON(failed),
                        ]))
                }),
            "examples": .array(examples.map(\.json)),
            "failed_examples": .array(failed.examples.map(\.json)),
        ])
    }
}
