internal import Delivery
internal import Service
internal import Store

/// By what `list --group-by` counts.
enum Grouping: String, CaseIterable {
    case error, helpdesk, domain, age, reason
}

/// How many rows of each kind there are.
struct RowGroups {
    private let grouping: Grouping
    private var groups: [String: Group] = [:]
    private let now: WallTime

    struct Group {
        var rows = 0
        var oldest = WallTime(milliseconds: .max)
        /// One of them, to look at.
        var example: Int64 = 0
        /// By ``AgeClass``.
        var ages = [Int](repeating: 0, count: AgeClass.allCases.count)
    }

    init(
        _ reader: any OutboxReader, _ selection: Selection, by grouping: Grouping, now: WallTime
    ) throws {
        self.grouping = grouping
        self.now = now
        try RowGathering(reader: reader, now: now)
            .forEach(selection.filter, limit: selection.limit) { row in
                add(row)
                return true
            }
    }

    private mutating func add(_ row: OutboxView.Row) {
        let key = Self.key(of: row, grouping)
        var group = groups[key] ?? Group()
        group.rows += 1
        group.oldest = min(group.oldest, row.createdAt)
        group.example = max(group.example, row.id)
        group.ages[AgeClass(of: now - row.createdAt).rawValue] += 1
        groups[key] = group
    }

    private static func key(of row: OutboxView.Row, _ grouping: Grouping) -> String {
        switch grouping {
        case .error:
            row.lastError.map { ErrorKind.text(of: $0.line, recipient: row.recipientEmail) } ?? ""
        case .helpdesk: row.helpdeskID
        case .domain, .age: OutboxView.Filter.domain(of: row.recipientEmail)
        case .reason: row.stateAndReason
        }
    }

    /// The largest first.
    private var sorted: [(key: String, group: Group)] {
        groups.map { (key: $0.key, group: $0.value) }
            .sorted { ($1.group.rows, $0.key) < ($0.group.rows, $1.key) }
    }

    // MARK: Printing

    var text: String {
        if groups.isEmpty { return "no row matches\n" }
        return grouping == .age ? ages : counts
    }

    private var counts: String {
        let time = TimeText(now: now)
        var table = Table([
            .init(title: "ROWS", isNumber: true), .init(title: "OLDEST", omission: .init(order: 2)),
            .init(title: "EXAMPLE", isNumber: true, omission: .init(order: 1)),
            .init(title: grouping.rawValue.uppercased()),
        ])
        for (key, group) in sorted {
            table.add([
                String(group.rows), time.relative(group.oldest), String(group.example),
                key.isEmpty ? "(none)" : key,
            ])
        }
        return table.text(width: Terminal.width)
    }

    /// A domain is told from others by so many columns.
    private static let leastDomain = 16

    /// As qshape(1) shows it: how many rows of each domain are how old, all together first.
    private var ages: String {
        var total = Group()
        for (_, group) in sorted {
            total.rows += group.rows
            for index in total.ages.indices { total.ages[index] += group.ages[index] }
        }
        var table = Table(
            [.init(title: "T", isNumber: true)]
                + AgeClass.allCases.map { age in
                    // Where nobody is of that age goes first; then the youngest, of least interest.
                    let order = age.rawValue + (total.ages[age.rawValue] > 0 ? 100 : 0)
                    return .init(
                        title: age.title, isNumber: true,
                        omission: .init(order: order, untilLastHas: Self.leastDomain))
                }
                + [.init(title: "DOMAIN")])
        for (key, group) in [("TOTAL", total)] + sorted.map({ ($0.key, $0.group) }) {
            table.add([String(group.rows)] + group.ages.map(String.init) + [key])
        }
        return table.text(width: Terminal.width)
    }

    var json: String {
        let entries = sorted.map { key, group -> JSON in
            var members = [
                JSON.Member(grouping == .age ? "domain" : grouping.rawValue, .string(key)),
                JSON.Member("rows", JSON(group.rows)), JSON.Member("oldest", JSON(group.oldest)),
                JSON.Member("example", .int(group.example)),
            ]
            if grouping == .age {
                let ages = zip(AgeClass.allCases, group.ages).map {
                    JSON.Member($0.title, JSON($1))
                }
                members.append(JSON.Member("ages", .members(ages)))
            }
            return .members(members)
        }
        return JSON.array(entries).text(expanding: 1) + "\n"
    }
}

extension CommandContext {
    func grouping() throws -> Grouping? {
        guard let word = parsed.value("group-by") else { return nil }
        guard let grouping = Grouping(rawValue: word) else {
            let near =
                Spelling.nearest(to: word, among: Grouping.allCases.map(\.rawValue))
                .map { "; did you mean \($0)?" } ?? ""
            throw usage(
                "--group-by takes \(Grouping.allCases.map(\.rawValue).listed("or")), not "
                    + Escaping.quoted(word, limit: 80) + near)
        }
        return grouping
    }
}
