import SQLite

/// How what a statement costs grows from a small table to a large one.
struct StatementGrowth {
    struct Cost {
        /// As it was compiled.
        var text: String
        /// With the ids that were put into it left out.
        var sql: String
        var runs: Int
        var instructions: Int

        init(_ cost: Connection.StatementCost) {
            text = cost.sql
            sql = cost.sql.replacing(/\d{4,}/, with: "N").split(whereSeparator: \.isWhitespace)
                .joined(separator: " ")
            (runs, instructions) = (cost.runs, cost.instructions)
        }
    }

    var sql: String
    /// SQLite's instructions in one run.
    var small: Double
    var large: Double

    /// In one run a look at a dozen more rows is not growth: one line of a helpdesk has more mails, another
    /// fewer.
    var isGrowth: Bool { large > small * 1.5 + 150 }

    static func compare(_ small: [Cost], _ large: [Cost]) -> [StatementGrowth] {
        let small = perRun(small)
        return perRun(large).compactMap { sql, instructions in
            small[sql].map { StatementGrowth(sql: sql, small: $0, large: instructions) }
        }.sorted { $0.sql < $1.sql }
    }

    private static func perRun(_ costs: [Cost]) -> [String: Double] {
        Dictionary(grouping: costs.filter { $0.runs > 0 }, by: \.sql).mapValues { same in
            Double(same.map(\.instructions).reduce(0, +)) / Double(same.map(\.runs).reduce(0, +))
        }
    }
}
