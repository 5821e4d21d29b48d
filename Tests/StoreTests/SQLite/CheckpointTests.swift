import Delivery
import Glibc
import SQLite
import Store
import Testing

/// The store follows ``CheckpointPolicy``: how long the log gets, and who may hold up its copying back.
struct CheckpointTests {
    private let isRepaired = CheckpointPolicy(sqliteVersion: Connection.libraryVersion).isRepaired

    private func after(_ milliseconds: Int64) -> SteadyTime {
        SteadyTime(nanoseconds: 1_000_000_000_000 + milliseconds * 1_000_000)
    }

    private func pages(_ bed: SQLiteBed) -> Int { bed.sqlite.connection.logPages }

    /// Until the log has more pages than that; some 100 at a time, of another text each: SQLite leaves
    /// pages alone that stay as they are.
    private func fillLog(_ bed: SQLiteBed, beyond count: Int) throws {
        for _ in 0..<100 where pages(bed) <= count {
            try bed.sqlite.inTransaction {
                try bed.sqlite.setMeta("filler", "")
                try bed.sqlite.setMeta("filler", text(pages(bed)))
            }
        }
    }

    private func text(_ number: Int) -> String {
        "\(number)" + String(repeating: "\(number % 10)", count: 390_000)
    }

    @Test func `a long log is copied back, a short one is not, and never twice within the pause`()
        throws
    {
        let bed = try SQLiteBed()
        try fillLog(bed, beyond: 500)
        _ = try bed.sqlite.maintain(isBusy: false, isShared: false, at: after(0))
        #expect(pages(bed) > 500)
        try fillLog(bed, beyond: 1_000)
        _ = try bed.sqlite.maintain(isBusy: false, isShared: false, at: after(0))
        #expect(pages(bed) == 0)
        try fillLog(bed, beyond: 1_000)
        _ = try bed.sqlite.maintain(isBusy: false, isShared: false, at: after(249))
        #expect(pages(bed) > 1_000)
        _ = try bed.sqlite.maintain(isBusy: false, isShared: false, at: after(250))
        #expect(pages(bed) == 0)
    }

    /// RESTART waits for whoever still reads from the log, PASSIVE does not.
    @Test func `a SQLite that has the bug gets no PASSIVE checkpoint`() throws {
        let bed = try SQLiteBed()
        try fillLog(bed, beyond: 1_000)
        try bed.api("BEGIN")
        try bed.api("SELECT count(*) FROM outbox")
        _ = try bed.sqlite.maintain(isBusy: false, isShared: false, at: after(0))
        #expect((pages(bed) == 0) == isRepaired)
        try bed.api("COMMIT")
        try fillLog(bed, beyond: 1_000)
        _ = try bed.sqlite.maintain(isBusy: false, isShared: false, at: after(250))
        #expect(pages(bed) == 0)
    }

    @Test func `while mails are under way a RESTART waits until the log is twice as long`() throws {
        let bed = try SQLiteBed()
        try fillLog(bed, beyond: 1_000)
        _ = try bed.sqlite.maintain(isBusy: true, isShared: false, at: after(0))
        #expect((pages(bed) == 0) == isRepaired)
        try fillLog(bed, beyond: 2_000)
        _ = try bed.sqlite.maintain(isBusy: true, isShared: false, at: after(250))
        #expect(pages(bed) == 0)
    }

    @Test func `a log of more than 64 MB is cut`() throws {
        let bed = try SQLiteBed()
        try bed.sqlite.inTransaction {
            for number in 0..<175 { try bed.sqlite.setMeta("filler \(number)", text(number)) }
        }
        #expect(pages(bed) > 16_384)
        _ = try bed.sqlite.maintain(isBusy: false, isShared: false, at: after(0))
        var log = stat()
        #expect(stat(bed.path + "-wal", &log) == 0 && log.st_size == 0)
    }
}
