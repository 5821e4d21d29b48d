import CSQLite
import Delivery
@testable import SQLite
import Store
import TestSupport
import Testing

/// Everything that a store does in its daily work, so that its connection has compiled all of it.
private func aDaysWork() throws -> SQLiteBed {
    let bed = try SQLiteBed()
    let store = bed.sqlite
    _ = try store.hasNewRows()
    try bed.insert(120)
    try bed.ingest()
    let instance = try store.register(
        journalFile: "s", bootID: "b", processID: 1, at: epoch)
    try store.renewLease(
        of: instance, processID: 1, for: .seconds(1), at: SteadyTime(nanoseconds: 0))
    let claim = try #require(try bed.claim(at: seconds(300)).claims.first)
    _ = try bed.claim(at: seconds(300)) { ($0.ignoresHold, $0.ignoredPauses) = (true, ["", "h"]) }
    _ = try bed.claim(at: seconds(300)) { $0.isRelayProbe = true }
    _ = try bed.claim(at: seconds(300)) { $0.rows = [1, 2] }
    _ = try store.standings(of: [1, 2])
    try bed.finish(
        claim, .deferred(dueAt: seconds(400), expired: [claim.rowIDs[0]]), at: seconds(301),
        error: .later)
    for claim in try bed.claimMany(6) { _ = try bed.refuse(claim, at: seconds(302)) }
    for claim in try bed.claim(at: seconds(5_000)).claims {
        try bed.finish(
            claim, .sent, at: seconds(5_001), event: .accepted(mail: claim.mailID))
    }
    let uncertain = try #require(try bed.claimMany(1, prefix: "u").first)
    try bed.finish(
        uncertain, .uncertain(dueAt: nil, frozen: .sample()), at: seconds(61), error: .silence)
    _ = try store.resolve(row: uncertain.rowIDs[0], as: .sent, at: seconds(62))
    try bed.review(at: seconds(5_002))
    for ignoring in [false, true] {
        var request = ClaimRequest(now: seconds(1), limit: 1, owner: 1)
        (request.ignoredPauses, request.ignoresHold) = (ignoring ? ["", "h"] : [], ignoring)
        _ = try store.hasDue(request)
    }
    _ = try bed.nextDue()
    _ = try store.hasDeferred(orForSender: false)
    _ = try store.others(than: 1, at: SteadyTime(nanoseconds: 0))
    _ = try store.othersAreSending(than: 1)
    _ = try store.inFlight(of: 1)
    _ = try store.relayDownTotal(at: epoch)
    return bed
}

/// The statements that a connection has compiled and kept.
func statements(of connection: Connection) -> [String] {
    var found: [String] = []
    var statement = sqlite3_next_stmt(connection.handle, nil)
    while let current = statement {
        if let text = sqlite3_sql(current) { found.append(String(cString: text)) }
        statement = sqlite3_next_stmt(connection.handle, current)
    }
    return found
}

@Test func `nothing that is done all the time reads a whole table`() throws {
    let bed = try aDaysWork()
    let all = statements(of: bed.sqlite.connection)
        .filter { ["SELECT", "UPDATE", "DELETE", "INSERT"].contains(String($0.prefix(6))) }
    #expect(all.count > 30)
    for sql in all {
        for step in try bed.server.plan(sql) where step.hasPrefix("SCAN") {
            let table = step.dropFirst(5).split(separator: " ").first.map(String.init) ?? ""
            // Big tables, and the names that the statements give them.
            let isBig = ["outbox", "o", "outboxd_rows", "r", "outboxd_attempts"].contains(table)
            let isMails = ["outboxd_mails", "m"].contains(table) && !step.contains("USING")
            #expect(!isBig && !isMails, "\(step) in \(sql)")
        }
    }
}

@Test(arguments: [
    ("claim", "AND line = ? AND class = ? AND due_at <= ?"),
    ("hasDeferred", "phase = 0 AND wait = 4"),
    ("isBehindAnother", "OR ((attempts > 0 OR struck > 0) AND wait <> 3"),
])
func `open work is found through the partial indexes`(_ name: String, _ part: String) throws {
    let bed = try aDaysWork()
    let matching = statements(of: bed.sqlite.connection).filter { $0.contains(part) }
    #expect(!matching.isEmpty, "\(name)")
    for one in matching {
        let steps = try bed.server.plan(one).filter { $0.contains("outboxd_mails") }
        #expect(
            steps.allSatisfy {
                $0.contains("outboxd_mails_due") || $0.contains("outboxd_mails_open")
                    || $0.contains("outboxd_mails_aside")
            }, "\(steps) in \(one)")
    }
}

// "a claim looks at no more rows than it returns plus a constant"
@Test func `a claim of chosen rows costs the same with ten thousand mails before them`() throws {
    func steps(_ others: Int) throws -> Int {
        let bed = try SQLiteBed()
        func insert(_ prefix: String, _ count: Int) throws -> [Int64] {
            try bed.server.transaction {
                try (0..<count).map { number in
                    try bed.insert(
                        TestRow("\(prefix)\(number)").with {
                            $0.conversation = "\(prefix)\(number)"
                        })
                }
            }
        }
        _ = try insert("m", others)
        let chosen = try insert("n", 40)
        while try bed.ingest(limit: 5_000).hasMore {}
        _ = try bed.claim(at: seconds(59)) { $0.rows = chosen }
        let before = bed.sqlite.connection.steps
        #expect(try bed.claim(at: seconds(60)) { $0.rows = chosen }.claims.count == 40)
        return bed.sqlite.connection.steps - before
    }
    let (few, many) = (try steps(0), try steps(10_000))
    #expect(many <= few + 4, "\(few) and \(many) thousand instructions")
}
