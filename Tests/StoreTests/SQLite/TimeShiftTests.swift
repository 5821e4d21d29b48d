import Delivery
import SQLite
import Store
import TestSupport
import Testing

/// Times move in slices, and only those of the clock that was set.
struct TimeShiftTests {
    private let jump = { (from: Duration, to: Duration) -> Duration? in to - from }

    /// The offset is the wall clock's time at boot.
    private func follow(
        _ store: SQLiteStore, _ offset: WallTime, boot: String = "boot", at now: WallTime
    ) throws {
        _ = try store.followClock(
            bootID: boot, offset: .milliseconds(offset.milliseconds), at: now, jump: jump)
    }

    /// So many mails, each due at the epoch.
    private func insertMails(_ count: Int, _ bed: SQLiteBed, prefix: String = "m") throws {
        try bed.api(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
            INSERT INTO outbox (helpdesk_id, conversation_id, message_id, recipient_email, body_text,
                created_at)
            SELECT 'h', '\(prefix)' || i, '\(prefix)' || i, 'a@b.test', 'x', \(epoch.milliseconds) FROM n
            """)
        while try bed.ingest().hasMore {}
    }

    private func dueTimes(_ bed: SQLiteBed) throws -> [String] {
        try bed.api(
            """
            SELECT ((m.due_at - \(epoch.milliseconds)) / 1000) || ' ' || count(*) FROM outboxd_mails m
            JOIN outboxd_rows r ON r.mail_id = m.id AND r.due_at = m.due_at
            GROUP BY m.due_at ORDER BY m.due_at
            """)
    }

    @Test func `mail of an earlier boot stays, mail of this one moves`() throws {
        let bed = try SQLiteBed()
        try follow(bed.sqlite, epoch, boot: "first", at: seconds(10))
        try insertMails(3, bed)
        // The machine starts again, its clock a year behind.
        let year = Duration.seconds(31_536_000)
        try follow(bed.sqlite, epoch - year, boot: "second", at: seconds(20) - year)
        try insertMails(2, bed, prefix: "n")
        try bed.api(
            "UPDATE outboxd_mails SET due_at = due_at - \(year.inMilliseconds) WHERE id > 3")
        try bed.api(
            "UPDATE outboxd_rows SET due_at = due_at - \(year.inMilliseconds) WHERE mail_id > 3")
        try follow(bed.sqlite, epoch, boot: "second", at: seconds(30))
        #expect(try dueTimes(bed) == ["60 5"])
    }

    @Test
    func `a mail of an earlier boot that was deferred in this one moves, its first attempt too`()
        throws
    {
        let bed = try SQLiteBed()
        try insertMails(2, bed)
        try follow(bed.sqlite, seconds(50), at: seconds(60))
        let claims = try bed.claim(at: seconds(61), limit: 1).claims
        try bed.finish(
            claims[0], .deferred(dueAt: seconds(300), expired: []), at: seconds(62), error: .later)
        try follow(bed.sqlite, seconds(50 + 3_600), at: seconds(3_670))
        #expect(
            try bed.api(
                "SELECT (due_at - \(epoch.milliseconds)) / 1000 FROM outboxd_mails ORDER BY id")
                == ["3900", "60"])
        #expect(
            try bed.api(
                "SELECT (first_attempt_at - \(epoch.milliseconds)) / 1000 FROM outboxd_rows WHERE attempts > 0"
            ) == ["3662"])
    }

    /// Set back by an hour, the clock would keep them waiting for that hour.
    @Test(arguments: ["outboxd_lines", "outboxd_unread", "outboxd_suppressing"])
    func `what is tried again after a fault moves`(table: String) throws {
        let bed = try SQLiteBed()
        try insertMails(1, bed)
        try bed.api("INSERT INTO outboxd_unread (id, troubles, retry_at) VALUES (99, 1, 0)")
        try bed.api(
            "INSERT INTO outboxd_suppressing (helpdesk_id, address, reason, created_at, expires_at, retry_at) VALUES ('', 'a', '', 0, 0, 0)"
        )
        try follow(bed.sqlite, seconds(50), at: seconds(60))
        try bed.api("UPDATE \(table) SET retry_at = \(seconds(70).milliseconds)")
        try follow(bed.sqlite, seconds(50 - 3_600), at: seconds(61 - 3_600))
        #expect(
            try bed.api("SELECT retry_at FROM \(table)")
                == ["\(seconds(70 - 3_600).milliseconds)"])
    }

    @Test func `a first attempt in an earlier boot stays where it was`() throws {
        let bed = try SQLiteBed()
        let (claim, _) = try bed.claimOne()
        try bed.finish(
            claim, .deferred(dueAt: seconds(90), expired: []), at: seconds(61), error: .later)
        try follow(bed.sqlite, seconds(80), at: seconds(85))
        let again = try #require(try bed.claim(at: seconds(90)).claims.first)
        try bed.finish(
            again, .deferred(dueAt: seconds(200), expired: []), at: seconds(91), error: .later)
        try follow(bed.sqlite, seconds(80 + 3_600), at: seconds(3_700))
        #expect(try bed.dueAt(1) == seconds(3_800))
        #expect(
            try bed.api(
                "SELECT (first_attempt_at - \(epoch.milliseconds)) / 1000 FROM outboxd_rows") == [
                    "61"
                ])
    }

    @Test func `a thousand mails move at a time, each once, whoever goes on`() throws {
        let bed = try SQLiteBed()
        try follow(bed.sqlite, epoch, at: seconds(10))
        try insertMails(2_500, bed)
        let other = try bed.anotherSQLite()
        try follow(bed.sqlite, seconds(3_600), at: seconds(3_620))
        #expect(try dueTimes(bed) == ["60 1500", "3660 1000"])
        // What comes in meanwhile was dated by the new clock.
        try insertMails(1, bed, prefix: "n")
        #expect(try other.moveTimes() == .clock)
        #expect(try bed.sqlite.moveTimes() == .none)
        #expect(try dueTimes(bed) == ["60 1", "3660 2500"])
        #expect(try other.moveTimes() == .none)
    }

    /// Both have seen what was known of the clock; the other one is first to write.
    @Test func `of two processes that notice a step at once one moves the times`() throws {
        let bed = try SQLiteBed()
        try follow(bed.sqlite, epoch, at: seconds(10))
        try insertMails(1, bed)
        let other = try bed.anotherSQLite()
        let offset = Duration.milliseconds(seconds(3_600).milliseconds)
        let ours = try bed.sqlite.followClock(
            bootID: "boot", offset: offset, at: seconds(3_620)
        ) { from, to in
            #expect(throws: Never.self) {
                let theirs = try other.followClock(
                    bootID: "boot", offset: offset, at: seconds(3_620), jump: jump)
                #expect(theirs == .seconds(3_600))
            }
            return to - from
        }
        #expect(ours == nil)
        while try bed.sqlite.moveTimes() != .none {}
        #expect(try dueTimes(bed) == ["3660 1"])
    }

    /// A slice looks at 10,000 ids, whether there are mails or not.
    @Test func `the slices get past ids without mails`() throws {
        let bed = try SQLiteBed()
        try follow(bed.sqlite, epoch, at: seconds(10))
        try insertMails(1, bed)
        try bed.api("UPDATE sqlite_sequence SET seq = 25000 WHERE name = 'outboxd_mails'")
        try insertMails(1, bed, prefix: "n")
        try follow(bed.sqlite, seconds(3_600), at: seconds(3_620))
        #expect(try bed.sqlite.moveTimes() == .clock)
        #expect(try bed.sqlite.moveTimes() == .none)
        #expect(try dueTimes(bed) == ["3660 2"])
    }

    @Test func `probes of senders and an outage of this boot follow the clock too`() throws {
        let bed = try SQLiteBed()
        let (first, later) = (epoch.milliseconds, seconds(20).milliseconds)
        try follow(bed.sqlite, epoch, at: seconds(10))
        try bed.api(
            """
            INSERT INTO outboxd_senders (address, probe_at) VALUES
                ('now@acme.test', \(later)), ('before@acme.test', \(first - 1)), ('none@acme.test', NULL)
            """)
        try bed.api("UPDATE outboxd_relay SET state = 'down', since = \(first + 5000)")
        try follow(bed.sqlite, seconds(3_600), at: seconds(3_610))
        #expect(
            try bed.api(
                "SELECT (probe_at - \(first)) / 1000.0 FROM outboxd_senders ORDER BY address")
                == ["-0.001", "-", "3620.0"])
        // The outage has lasted for as long as it had before.
        #expect(try bed.sqlite.relayDownTotal(at: seconds(3_610)) == .seconds(5))
    }

    /// A mail under way gets its next time from the new clock, when it is finished.
    @Test func `a mail that is finished before its slice comes keeps its new time`() throws {
        let bed = try SQLiteBed()
        try follow(bed.sqlite, epoch, at: seconds(10))
        try insertMails(1_500, bed)
        try bed.api("UPDATE outboxd_mails SET due_at = 1 WHERE id = 1400")
        let claim = try #require(try bed.claim(at: seconds(61), limit: 1).claims.first)
        #expect(claim.mailID == 1_400)
        try follow(bed.sqlite, seconds(3_600), at: seconds(3_662))
        try bed.finish(
            claim, .deferred(dueAt: seconds(3_700), expired: []), at: seconds(3_663), error: .later)
        while try bed.sqlite.moveTimes() != .none {}
        #expect(try bed.dueAt(1_400) == seconds(3_700) && bed.dueAt(1_399) == seconds(3_660))
    }

    @Test func `a new hold moves in slices too, after the clock`() throws {
        let bed = try SQLiteBed()
        try bed.sqlite.follow(hold: .seconds(60), of: .run)
        try follow(bed.sqlite, epoch, at: seconds(10))
        try insertMails(2_500, bed)
        try follow(bed.sqlite, seconds(3_600), at: seconds(3_620))
        try bed.sqlite.follow(hold: .seconds(30), of: .run)
        #expect(try bed.sqlite.moveTimes() == .hold)
        while try bed.sqlite.moveTimes() != .none {}
        #expect(try dueTimes(bed) == ["3630 2500"])
    }

    @Test func `a step is remembered until the rows before it are ingested`() throws {
        let bed = try SQLiteBed()
        try follow(bed.sqlite, epoch, at: seconds(10))
        let old = try bed.insert(3)
        try follow(bed.sqlite, seconds(3_600), at: seconds(3_620))
        // Another process, after this one died.
        let other = try bed.anotherSQLite()
        let step = try #require(try other.clockSteps().first)
        #expect(
            step.newestInOutbox == old[2]
                && step.jump == ClockJump(by: .seconds(3_600), now: seconds(3_620)))
        try bed.insert(TestRow("n"))
        var rules = IngestRules.usual
        rules.clockSteps = [step]
        _ = try other.ingest(limit: 2, at: seconds(3_621), rules: rules)
        _ = try other.maintain(isBusy: false, isShared: false, at: SteadyTime(nanoseconds: 0))
        #expect(try other.clockSteps() == [step])
        _ = try other.ingest(limit: 2, at: seconds(3_621), rules: rules)
        #expect(
            try bed.api(
                "SELECT (due_at - \(epoch.milliseconds)) / 1000 FROM outboxd_rows ORDER BY id")
                == ["3660", "3661", "3662", "60"])
        _ = try other.maintain(isBusy: false, isShared: false, at: SteadyTime(nanoseconds: 0))
        #expect(try other.clockSteps() == [])
    }
}
