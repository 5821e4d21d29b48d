import Delivery
import Testing

/// Contract, section 3, sentence by sentence.
///
/// Every row has a hold of 60 s.
@Suite struct GatheringTests {
    // "A row is due at `created_at + hold` (60 s by default)"
    @Test func `a row goes when its hold is over, not a millisecond earlier`() {
        let row = OpenRow.made(1, at: 0)
        let early = Gathering(of: [row], at: wall(59.999))
        #expect(early.mail == [])
        #expect(early.skips == [])
        #expect(early.lookAgainAt == wall(60))
        let due = Gathering(of: [row], at: wall(60))
        #expect(due.mail == [1])
        #expect(due.lookAgainAt == nil)
    }

    // "an instant row is due at once"
    @Test func `an instant row goes at once, even from a clock that is ahead`() {
        #expect(Gathering(of: [.made(1, at: 0, instant: true)], at: wall(0)).mail == [1])
        #expect(Gathering(of: [.made(1, at: 5, instant: true)], at: wall(0)).mail == [1])
    }

    // "the API server may UPDATE its text, `instant` and `cancelled_at`"
    @Test func `a held row that is made instant goes at once`() {
        var row = OpenRow.made(1, at: 0)
        row.isInstant = true
        #expect(Gathering(of: [row], at: wall(1)).mail == [1])
    }

    // "What has been read is `skipped`, reason `read`."
    @Test func `a row that was read is skipped when its hold is over`() {
        let row = OpenRow.made(1, at: 0, readUpTo: 0)
        let early = Gathering(of: [row], at: wall(59))
        #expect(early.skips == [])
        #expect(early.lookAgainAt == wall(60))
        let due = Gathering(of: [row], at: wall(60))
        #expect(due.skips == [Skip(row: 1, reason: .read)])
        #expect(due.mail == [])
        #expect(due.lookAgainAt == nil)
    }

    // "the read markers are looked at (for instant rows too …)"
    @Test func `an instant row that was read is skipped at once`() {
        let due = Gathering(of: [.made(1, at: 0, instant: true, readUpTo: 5)], at: wall(6))
        #expect(due.skips == [Skip(row: 1, reason: .read)])
        #expect(due.mail == [])
    }

    // "Where the marker covers some rows of a mail and not others, only the unread are mailed."
    @Test func `only the unread rows are mailed`() {
        let rows = (1...4).map { OpenRow.made($0, at: Double($0), readUpTo: 2) }
        let due = Gathering(of: rows, at: wall(63))
        #expect(due.skips == [Skip(row: 1, reason: .read), Skip(row: 2, reason: .read)])
        #expect(due.mail == [3, 4])
    }

    // "All unsent rows … go out as one mail when the oldest of them that is neither read nor
    // cancelled falls due, in `created_at` order, those still on hold included"
    @Test func `all rows go with the oldest, in created_at order and then by id`() {
        let rows: [OpenRow] = [
            .made(9, at: 0), .made(4, at: 59), .made(7, at: 30), .made(5, at: 30),
        ]
        #expect(Gathering(of: rows, at: wall(59.5)).mail == [])
        #expect(Gathering(of: rows, at: wall(60)).mail == [9, 5, 7, 4])
    }

    @Test(arguments: [
        OpenRow.made(1, at: 0, cancelled: true), .made(1, at: 0, readUpTo: 0),
        .made(1, at: 0, suppressed: true),
    ])
    func `a gone row does not make the others due`(gone: OpenRow) {
        let rows = [gone, .made(2, at: 20), .made(3, at: 40)]
        let first = Gathering(of: rows, at: wall(60))
        #expect(first.skips.map(\.row) == [1])
        #expect(first.mail == [])
        #expect(first.lookAgainAt == wall(80))
        #expect(Gathering(of: Array(rows.dropFirst()), at: wall(80)).mail == [2, 3])
    }

    // "The hold does not slide."
    @Test func `a reply each second does not put the mail off`() {
        for count in 1...59 {
            let rows = (0...count).map { OpenRow.made(Int64($0), at: Double($0)) }
            #expect(Gathering(of: rows, at: wall(Double(count))).lookAgainAt == wall(60))
        }
        let rows = (0...59).map { OpenRow.made(Int64($0), at: Double($0)) }
        #expect(Gathering(of: rows, at: wall(60)).mail.count == 60)
    }

    // "An instant row takes the held ones with it."
    @Test func `an instant row takes the held ones with it`() {
        let rows: [OpenRow] = [
            .made(1, at: 0), .made(2, at: 1, readUpTo: nil), .made(3, at: 2, instant: true),
        ]
        #expect(Gathering(of: rows, at: wall(2)).mail == [1, 2, 3])
    }

    @Test func `with a mail that goes, gone rows are skipped though on hold`() {
        let rows: [OpenRow] = [
            .made(1, at: 0, cancelled: true), .made(2, at: 1), .made(3, at: 2, instant: true),
        ]
        let due = Gathering(of: rows, at: wall(2))
        #expect(due.skips == [Skip(row: 1, reason: .cancelled)])
        #expect(due.mail == [2, 3])
    }

    // "`cancelled_at` … set by the API server to take a notification back (…, an undo)"
    @Test func `a cancellation can be taken back until the hold is over`() {
        let cancelled = OpenRow.made(1, at: 0, cancelled: true)
        #expect(Gathering(of: [cancelled], at: wall(59)).skips == [])
        #expect(Gathering(of: [cancelled], at: wall(60)).skips.map(\.reason) == [.cancelled])
    }

    // "(at most 100 in a mail)"
    @Test func `at most 100 rows go, the oldest`() {
        let rows = (1...250).map { OpenRow.made($0, at: Double($0) / 1_000) }
        let due = Gathering(of: rows.shuffled(), at: wall(61))
        #expect(due.mail == Array(1...100))
        #expect(due.leftOver == Array(101...250))
        #expect(due.lookAgainAt == nil)
    }

    @Test func `exactly 100 leave nothing over`() {
        let rows = (1...100).map { OpenRow.made($0, at: 0) }
        let due = Gathering(of: rows, at: wall(60))
        #expect(due.mail.count == 100)
        #expect(due.leftOver == [])
    }

    @Test func `a limit below one still lets a mail go`() {
        let due = Gathering(of: [.made(1, at: 0), .made(2, at: 0)], at: wall(60), limit: 0)
        #expect(due.mail == [1])
        #expect(due.leftOver == [2])
    }

    // "a reply older than this when it would first be sent is skipped, reason `stale`"
    @Test func `a row that is too old when it would first be sent is stale`() {
        let rows: [OpenRow] = [.made(1, at: 0), .made(2, at: 0.001)]
        let due = Gathering(of: rows, at: wall(3_600.001), maxAge: .seconds(3_600))
        #expect(due.skips == [Skip(row: 1, reason: .stale)])
        #expect(due.mail == [2])
        #expect(Gathering(of: rows, at: wall(9_999_999)).mail == [1, 2])
    }

    // "`--max-age D`"
    @Test(
        arguments: [
            (nil, nil, [1, 2, 3]), (3_600, nil, [1, 3]), (nil, 3_600, [3]),
            (3_600, 7_200, [1, 2, 3]),
        ] as [(Int?, Int?, [Int64])])
    func `a drain's own age stands for the setting, and concerns what was tried before, too`(
        setting: Int?, drain: Int?, goes: [Int64]
    ) {
        let rows: [OpenRow] = [
            .made(1, at: 0, attempts: 1), .made(2, at: 0), .made(3, at: 5_000),
        ]
        let due = Gathering(
            of: rows, at: wall(7_000), maxAge: setting.map { .seconds($0) },
            maxAgeOfAll: drain.map { .seconds($0) })
        #expect(due.mail == goes)
        #expect(due.skips.allSatisfy { $0.reason == .stale })
    }

    @Test func `a row that was put off ages from then on`() {
        var row = OpenRow.made(1, at: 0)
        (row.notBefore, row.dueAt) = (wall(10_000), wall(10_000))
        #expect(Gathering(of: [row], at: wall(13_600), maxAge: .seconds(3_600)).mail == [1])
        let late = Gathering(of: [row], at: wall(13_601), maxAge: .seconds(3_600))
        #expect(late.skips == [Skip(row: 1, reason: .stale)])
    }

    @Test func `a row that was tried is never stale`() {
        let row = OpenRow.made(1, at: 0, attempts: 1)
        let due = Gathering(
            of: [row], at: wall(7_200), retryAt: wall(7_200), maxAge: .seconds(3_600))
        #expect(due.mail == [1])
    }

    @Test func `a hold longer than the greatest age makes each row stale, late`() {
        let row = OpenRow.made(1, at: 0)
        #expect(Gathering(of: [row], at: wall(31), maxAge: .seconds(30)).lookAgainAt == wall(60))
        let due = Gathering(of: [row], at: wall(60), maxAge: .seconds(30))
        #expect(due.skips == [Skip(row: 1, reason: .stale)])
    }

    @Test func `the first reason of several is told: cancelled, read, suppressed, stale`() {
        var row = OpenRow.made(1, at: 0, cancelled: true, readUpTo: 0, suppressed: true)
        func reason() -> SkipReason? {
            Gathering(of: [row], at: wall(100), maxAge: .seconds(1)).skips.first?.reason
        }
        #expect(reason() == .cancelled)
        row.isCancelled = false
        #expect(reason() == .read)
        row.readMarker = nil
        #expect(reason() == .suppressed)
        row.isSuppressed = false
        #expect(reason() == .stale)
    }

    // `--now` "(do not wait for the hold)"
    @Test func `drain --now does not wait for the hold, nor for gone rows`() {
        let rows: [OpenRow] = [.made(1, at: 0, readUpTo: 0), .made(2, at: 1)]
        let due = Gathering(of: rows, at: wall(2), ignoresHold: true)
        #expect(due.skips == [Skip(row: 1, reason: .read)])
        #expect(due.mail == [2])
        let gone = Gathering(of: [rows[0]], at: wall(2), ignoresHold: true)
        #expect(gone.skips == [Skip(row: 1, reason: .read)])
        #expect(gone.lookAgainAt == nil)
    }

    @Test func `no rows, nothing to do`() {
        let nothing = Gathering(of: [], at: wall(0), retryAt: wall(60))
        #expect(nothing.mail == [])
        #expect(nothing.skips == [])
        #expect(nothing.leftOver == [])
        #expect(nothing.lookAgainAt == nil)
    }

    // "A forward jump of the clock": the stored due time holds, not `created_at`.
    @Test func `a due time moved with the clock is kept`() {
        var row = OpenRow.made(1, at: 0)
        row.dueAt = wall(3_660)
        #expect(Gathering(of: [row], at: wall(3_659)).mail == [])
        #expect(Gathering(of: [row], at: wall(3_660)).mail == [1])
    }
}
