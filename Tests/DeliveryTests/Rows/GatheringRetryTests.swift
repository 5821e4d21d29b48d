import Delivery
import Testing

/// Contract, section 3, where a mail of the group was deferred: "Two mails of the same conversation
/// and recipient never overtake each other".
@Suite struct GatheringRetryTests {
    @Test func `a deferred mail waits for its retry`() {
        let row = OpenRow.made(1, at: 0, attempts: 1)
        let early = Gathering(of: [row], at: wall(89), retryAt: wall(90))
        #expect(early.mail == [])
        #expect(early.lookAgainAt == wall(90))
        #expect(Gathering(of: [row], at: wall(90), retryAt: wall(90)).mail == [1])
        #expect(Gathering(of: [row], at: wall(89)).mail == [1])
    }

    // "Rows, text and Date are composed anew at each attempt"
    @Test func `newer rows wait with it and go with it, held ones too`() {
        let rows: [OpenRow] = [
            .made(1, at: 0, attempts: 1), .made(2, at: 10), .made(3, at: 85),
            .made(4, at: 86, instant: true),
        ]
        let early = Gathering(of: rows, at: wall(89), retryAt: wall(90))
        #expect(early.mail == [])
        #expect(early.lookAgainAt == wall(90))
        #expect(Gathering(of: rows, at: wall(90), retryAt: wall(90)).mail == [1, 2, 3, 4])
    }

    @Test func `drain --now hastens no retry`() {
        let rows: [OpenRow] = [.made(1, at: 0, attempts: 1), .made(2, at: 10)]
        let early = Gathering(of: rows, at: wall(89), retryAt: wall(90), ignoresHold: true)
        #expect(early.mail == [])
        #expect(early.lookAgainAt == wall(90))
    }

    // "and again before every retry, the read markers are looked at"
    @Test func `a tried row that was read is skipped at once`() {
        let rows: [OpenRow] = [
            .made(1, at: 0, readUpTo: 0, attempts: 1), .made(2, at: 1, attempts: 1),
        ]
        let early = Gathering(of: rows, at: wall(70), retryAt: wall(90))
        #expect(early.skips == [Skip(row: 1, reason: .read)])
        #expect(early.lookAgainAt == wall(90))
    }

    @Test func `a row that was tried with an instant one ends at once, and goes alone by its hold`()
    {
        // It went along with an instant row at 2 and was deferred; its own hold lasts until 60.
        let gone = OpenRow.made(1, at: 0, cancelled: true, attempts: 1)
        #expect(Gathering(of: [gone], at: wall(5), retryAt: wall(32)).skips.map(\.row) == [1])
        let live = OpenRow.made(1, at: 0, attempts: 1)
        let instant = OpenRow.made(2, at: 2, instant: true, attempts: 1)
        let both = Gathering(of: [live, instant], at: wall(32), retryAt: wall(32))
        #expect(both.mail == [1, 2])
        // Taken back meanwhile.
        let cancelled = OpenRow.made(2, at: 2, instant: true, cancelled: true, attempts: 1)
        let alone = Gathering(of: [live, cancelled], at: wall(32), retryAt: wall(32))
        #expect(alone.mail.isEmpty && alone.skips.map(\.row) == [2])
        #expect(alone.lookAgainAt == wall(60))
        #expect(Gathering(of: [live], at: wall(60), retryAt: wall(32)).mail == [1])
        // `drain --now` hastens it.
        let now = Gathering(of: [live], at: wall(32), retryAt: wall(32), ignoresHold: true)
        #expect(now.mail == [1])
    }

    @Test(arguments: [false, true])
    func `a row that is put off counts as not yet written, tried or not`(wasTried: Bool) {
        var late = OpenRow.made(1, at: 0, instant: true, attempts: wasTried ? 1 : 0)
        late.notBefore = wall(500)
        let other = OpenRow.made(2, at: 10, instant: true)
        let alone = Gathering(of: [late], at: wall(100), retryAt: wall(90), ignoresHold: true)
        #expect(alone.mail.isEmpty && alone.skips.isEmpty && alone.lookAgainAt == wall(500))
        // It neither goes with the other nor holds it up.
        let both = Gathering(of: [late, other], at: wall(100), retryAt: wall(300))
        #expect(both.mail == [2] && both.leftOver.isEmpty)
        late.isCancelled = true
        #expect(Gathering(of: [late], at: wall(499)).skips.isEmpty)
        #expect(Gathering(of: [late], at: wall(500)).skips.map(\.reason) == [.cancelled])
    }

    @Test func `if all tried rows are gone the others go by their own hold`() {
        let rows: [OpenRow] = [
            .made(1, at: 0, readUpTo: 0, attempts: 3), .made(2, at: 70), .made(3, at: 75),
        ]
        let early = Gathering(of: rows, at: wall(80), retryAt: wall(3_600))
        #expect(early.skips == [Skip(row: 1, reason: .read)])
        #expect(early.mail == [])
        #expect(early.lookAgainAt == wall(130))
        #expect(Gathering(of: rows, at: wall(130), retryAt: wall(3_600)).mail == [2, 3])
    }

    @Test func `if all tried rows are gone an instant row goes at once`() {
        let rows: [OpenRow] = [
            .made(1, at: 0, cancelled: true, attempts: 1), .made(2, at: 70, instant: true),
        ]
        #expect(Gathering(of: rows, at: wall(71), retryAt: wall(3_600)).mail == [2])
    }

    @Test func `an untried gone row is skipped on time, retry or not`() {
        let rows: [OpenRow] = [.made(1, at: 0, attempts: 1), .made(2, at: 10, cancelled: true)]
        let early = Gathering(of: rows, at: wall(69), retryAt: wall(900))
        #expect(early.skips == [])
        #expect(early.lookAgainAt == wall(70))
        let later = Gathering(of: rows, at: wall(70), retryAt: wall(900))
        #expect(later.skips == [Skip(row: 2, reason: .cancelled)])
        #expect(later.lookAgainAt == wall(900))
    }

    @Test func `a retry time without a tried row holds nobody up`() {
        #expect(Gathering(of: [.made(1, at: 0)], at: wall(60), retryAt: wall(900)).mail == [1])
    }
}
