import Delivery
import Foundation
import SQLite
import TestSupport
import Testing

@testable import Engine
@testable import outboxd_simulate
@testable import Store

/// `OUTBOXD_RETENTION` in the whole engine, in virtual time.
struct RetentionTests {
    private static let hour: Duration = .seconds(3_600)

    private static func bed(_ retention: Duration? = hour) throws -> VirtualBed {
        try VirtualBed(retention: retention) { command, _ in VirtualRelay.usual(command) }
    }

    private static func count(_ table: String, _ bed: VirtualBed) throws -> Int64 {
        try bed.server.statement("SELECT count(*) FROM \(table)").first { $0.int(0) } ?? -1
    }

    @Test func `a row is pruned when it is old, and nothing is sent for it again`() throws {
        let bed = try Self.bed()
        let id = try bed.insert("m1")
        let createdAt = bed.clock.wallNow().milliseconds
        try bed.run(for: .seconds(120))
        #expect(try bed.state(id) == "sent")
        try bed.run(for: Self.hour - .seconds(120))
        #expect(try bed.state(id) == "sent")
        try bed.run(for: .seconds(180))
        for table in ["outbox", "outboxd_rows", "outboxd_mails", "outboxd_attempts"] {
            #expect(try Self.count(table, bed) == 0, "\(table)")
        }
        // It is enqueued once more, and the daemon starts once more.
        try bed.start()
        let again = try TestRow(
            conversation: "c", helpdesk: "h", message: "m1", createdAt: createdAt
        ).insert(into: bed.server)
        let new = try bed.insert("m2")
        try bed.run(for: .seconds(120))
        #expect(again > id && new > again)
        #expect(try bed.state(again) == "skipped")
        #expect(try bed.state(new) == "sent")
        #expect(bed.relay.messages.count == 2)
        let skips = bed.events.read { events in
            events.flatMap { if case .skipped(let skips) = $0 { skips } else { [Skip]() } }
        }
        #expect(skips.map(\.row) == [again])
        #expect(skips.first?.reason == .stale)
        let numbers = try SQLiteReader(bed.server).numbers(at: bed.clock.wallNow())
        #expect(numbers.counts[.sent] == 2 && numbers.pruned == [.sent: 1])
    }

    @Test func `where all is kept nothing is pruned, and nothing is stale`() throws {
        let bed = try Self.bed(nil)
        try FinishedRows.insert(3, into: bed.server, finishedAt: WallTime(milliseconds: 1_000_000))
        let old = try TestRow(conversation: "c", helpdesk: "h", createdAt: 1_000_000_000_000)
            .insert(into: bed.server)
        try bed.run(for: Self.hour)
        #expect(try bed.state(old) == "sent")
        #expect(try Self.count("outbox", bed) == 4)
        #expect(try Self.count("outboxd_rows", bed) == 4)
    }

    /// What waits for the thread is not kept waiting: here new rows, of which it takes 500 at a time.
    @Test func `pruning begins when there is nothing else to do`() throws {
        let bed = try Self.bed()
        let longAgo = bed.clock.wallNow() - Self.hour * 2
        try FinishedRows.insert(300, into: bed.server, finishedAt: longAgo)
        try bed.server.execute(
            """
            CREATE TABLE seen (waiting INTEGER);
            CREATE TRIGGER look BEFORE DELETE ON outbox BEGIN
                INSERT INTO seen SELECT count(*) FROM outbox o
                WHERE o.id <> OLD.id
                    AND NOT EXISTS (SELECT 1 FROM outboxd_rows r WHERE r.id = o.id); END
            """)
        try bed.server.transaction {
            for number in 0..<1_200 { try bed.insert("m\(number)", conversation: "c\(number)") }
        }
        try bed.run(for: .seconds(30))
        let seen = try bed.server.statement("SELECT count(*), max(waiting) FROM seen")
            .first { ($0.int(0), $0.int(1)) }
        #expect(seen?.0 == 300 && seen?.1 == 0, "\(String(describing: seen))")
    }

    @Test func `a row that is referred to is told once, counted, and pruned once it is not`() throws
    {
        let bed = try Self.bed()
        let longAgo = bed.clock.wallNow() - Self.hour * 2
        let ids = try FinishedRows.insert(300, into: bed.server, finishedAt: longAgo)
        try bed.server.execute(
            """
            CREATE TABLE notes (of INTEGER REFERENCES outbox (id));
            INSERT INTO notes VALUES (\(ids.lowerBound + 7)), (\(ids.upperBound))
            """)
        func kept() throws -> Int {
            try SQLiteReader(bed.server).numbers(at: bed.clock.wallNow()).kept
        }
        func told() -> Int {
            bed.events.read { events in
                events.count { if case .rowKept = $0 { true } else { false } }
            }
        }
        try bed.run(for: .seconds(5))
        #expect(try Self.count("outbox", bed) == 2)
        #expect(try kept() == 2)
        #expect(told() == 1)
        let told298 = bed.events.read { events in
            events.contains { if case .pruned(298) = $0 { true } else { false } }
        }
        #expect(told298)
        // Rows that come and go meanwhile are not held up by them, and nothing is written for them.
        let version = try bed.server.dataVersion()
        try bed.run(for: Self.hour)
        #expect(try bed.server.dataVersion() == version)
        try FinishedRows.insert(5, into: bed.server, finishedAt: longAgo + .seconds(60))
        try bed.run(for: .seconds(90))
        #expect(try Self.count("outbox", bed) == 2)
        #expect(try kept() == 2)
        try bed.server.execute("DELETE FROM notes WHERE of = \(ids.upperBound)")
        try bed.run(for: Self.hour)
        #expect(try Self.count("outbox", bed) == 2)
        try bed.run(for: Self.hour * 24)
        #expect(try Self.count("outbox", bed) == 1)
        #expect(try kept() == 1)
        #expect(told() == 1)
    }

    /// Pages that are free are used again: SQLite can't give them back without copying the whole file.
    @Test func `arrivals and expiry at a steady rate leave the file as large as it is`() throws {
        let bed = try Self.bed(.seconds(600))
        func pages() throws -> Int64 {
            try bed.server.statement("PRAGMA page_count").first { $0.int(0) } ?? 0
        }
        var number = 0
        func go(minutes: Int) throws {
            for _ in 0..<minutes * 6 {
                try bed.server.transaction {
                    for _ in 0..<10 {
                        number += 1
                        try bed.insert("m\(number)", conversation: "c\(number)", instant: true)
                    }
                }
                try bed.run(for: .seconds(10))
            }
        }
        try go(minutes: 15)
        let early = try pages()
        try go(minutes: 45)
        #expect(bed.relay.messages.count == number)
        let late = try pages()
        #expect(late <= early + early / 10, "\(early) pages, then \(late)")
        #expect(try Self.count("outbox", bed) < 700)
        let log = try FileManager.default.attributesOfItem(atPath: bed.server.path + "-wal")
        #expect(log[.size] as? Int ?? .max < 16 << 20)
    }
}
