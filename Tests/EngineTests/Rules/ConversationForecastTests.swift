import Delivery
import Mail
import SMTP
@testable import Store
import Testing

@testable import Engine
@testable import outboxd_simulate

/// What a drain would do with the open mails of one conversation: each line of the table.
struct ConversationForecastTests {
    private static let now = WallTime(milliseconds: 1_900_000_000_000)

    private static func mail(
        _ id: Int64, rows: ClosedRange<Int64>, _ place: QueuedMail.Place = .waiting,
        _ turn: TurnClass = .first, due: Int64 = -1_000, attempts: Int = 0, copies: Int = 0,
        paused: Bool = false, blocked: Set<String> = [], marker: WallTime? = nil,
        cancelled: Set<Int64> = [], instant: Set<Int64> = []
    ) -> QueuedMail {
        let key = MailKey(
            helpdeskID: "h", conversationID: "c", recipient: "ann@example.test", audience: "\(id)")
        let dueAt = now + .milliseconds(due)
        let open = rows.map { row in
            OutboxRow(
                id: row, of: key, isInstant: instant.contains(row), notBefore: nil,
                isCancelled: cancelled.contains(row), createdAt: now + .seconds(-100 + row),
                dueAt: dueAt, attempts: attempts)
        }
        let candidate = Candidate(
            mailID: id, key: key, dueAt: dueAt, attempts: attempts, copies: copies, takeovers: 0,
            emailMessageID: nil, rows: open, hasMoreRows: false, readMarker: marker,
            isSuppressed: false, helpdesk: nil, blockedSenders: blocked, isSenderProbe: false)
        return QueuedMail(
            id: id, key: key, place: place, turn: turn, dueAt: dueAt, wasTried: attempts > 0,
            rowIDs: Array(rows), candidate: place == .waiting ? candidate : nil, isPaused: paused)
    }

    private static func summary(
        _ mails: [QueuedMail], chosen: Set<Int64>? = nil, ignoresHold: Bool = false,
        maxAge: Duration? = nil
    ) throws -> [String] {
        let settings = EngineSettings(
            database: "unused", relay: ConnectionSettings(host: "relay.test", port: 25, tls: .none),
            from: try Mailbox(parsing: "Acme <support@acme.test>"))
        let rules = ClaimRules(
            settings: settings, ignoresHold: ignoresHold, now: now, nonce: 1, maxAgeOfAll: maxAge)
        let forecast = ConversationForecast(mails, rules: rules, reviews: chosen == nil) {
            chosen?.contains($0) ?? true
        }
        return forecast.fates.sorted { $0.row < $1.row }.map { row, fate in
            switch fate {
            case .goes(let mail): "\(row) in \(mail)"
            case .skipped(let reason): "\(row) \(reason)"
            case .waits(let reason, let until):
                "\(row) \(reason)" + (until.map { " \(($0 - now).inMilliseconds)" } ?? "")
            case .underWay: "\(row) sending"
            }
        }
    }

    private static let us: Set<String> = ["support@acme.test"]

    @Test(arguments: [
        ([mail(1, rows: 1...2)], ["1 in 0", "2 in 0"]),
        ([mail(1, rows: 1...1, due: 500)], ["1 hold 500"]),
        ([mail(1, rows: 1...1, .waiting, .retry, due: 500, attempts: 1)], ["1 deferred 500"]),
        ([mail(1, rows: 1...1, .sending)], ["1 sending"]),
        ([mail(1, rows: 1...1, .uncertain)], ["1 uncertain"]),
        ([mail(1, rows: 1...1, .unreadable)], ["1 deferred"]),
        ([mail(1, rows: 1...1, paused: true)], ["1 paused"]),
        ([mail(1, rows: 1...1, blocked: us)], ["1 sender"]),
        ([mail(1, rows: 1...2, marker: now + .seconds(-99))], ["1 read", "2 in 0"]),
        // Two mails, one after the other.
        ([mail(1, rows: 1...1), mail(2, rows: 2...2)], ["1 in 0", "2 in 1"]),
        // One that is tried again goes first, if it goes.
        (
            [mail(1, rows: 1...1, .waiting, .retry, attempts: 1), mail(2, rows: 2...2)],
            ["1 in 0", "2 in 1"]
        ),
        (
            [mail(1, rows: 1...1, .waiting, .retry, due: 500, attempts: 1), mail(2, rows: 2...2)],
            ["1 deferred 500", "2 deferred 500"]
        ),
        (
            [mail(1, rows: 1...1, .sending), mail(2, rows: 2...2)],
            ["1 sending", "2 deferred -1000"]
        ),
        (
            [mail(1, rows: 1...1, .uncertain, attempts: 1), mail(2, rows: 2...2)],
            ["1 uncertain", "2 in 0"]
        ),
    ])
    func `what becomes of them`(mails: [QueuedMail], expected: [String]) throws {
        #expect(try Self.summary(mails) == expected)
    }

    @Test(arguments: [
        // A pause holds no skip back.
        ([mail(1, rows: 1...2, paused: true, marker: now)], ["1 read", "2 read"]),
        (
            [mail(1, rows: 1...2, paused: true, marker: now + .seconds(-99))],
            ["1 read", "2 paused"]
        ),
        ([mail(1, rows: 1...1, paused: true, cancelled: [1])], ["1 cancelled"]),
        (
            [mail(1, rows: 1...1, .waiting, .retry, due: 500, attempts: 1, marker: now)],
            ["1 read"]
        ),
        // A hold does; but what was cancelled does not wait for its end.
        ([mail(1, rows: 1...1, due: 500, marker: now)], ["1 hold 500"]),
        ([mail(1, rows: 1...2, due: 500, cancelled: [1])], ["2 hold 500"]),
        ([mail(1, rows: 1...2, due: 500, paused: true, cancelled: [1])], ["2 paused"]),
        // What was skipped blocks nobody.
        (
            [
                mail(1, rows: 1...1, .waiting, .retry, due: 500, attempts: 1, cancelled: [1]),
                mail(2, rows: 2...2),
            ], ["1 cancelled", "2 in 0"]
        ),
    ])
    func `what waits is skipped as it is read or cancelled`(
        mails: [QueuedMail], expected: [String]
    ) throws {
        #expect(try Self.summary(mails) == expected)
    }

    @Test func `a drain of chosen rows looks at none that wait`() throws {
        let read = Self.mail(1, rows: 1...1, paused: true, marker: Self.now)
        #expect(try Self.summary([read], chosen: [1]) == ["1 paused"])
    }

    /// Nobody has looked since.
    @Test func `a row that was made instant goes now, and takes the held ones with it`() throws {
        let made = Self.mail(1, rows: 1...2, due: 500, instant: [2])
        #expect(try Self.summary([made]) == ["1 in 0", "2 in 0"])
        #expect(try Self.summary([made], chosen: [2]) == ["1 in 0", "2 in 0"])
        let gone = Self.mail(1, rows: 1...2, due: 500, cancelled: [2], instant: [2])
        #expect(try Self.summary([gone], chosen: [1]) == ["1 hold 500"])
        let tried = Self.mail(
            1, rows: 1...1, .waiting, .retry, due: 500, attempts: 1, instant: [1])
        #expect(try Self.summary([tried]) == ["1 deferred 500"])
    }

    @Test func `rows that there was no room for follow in the next mail`() throws {
        let fates = try Self.summary([Self.mail(1, rows: 1...250)])
        #expect(fates.count { $0.hasSuffix("in 0") } == 100)
        #expect(fates.count { $0.hasSuffix("in 1") } == 100)
        #expect(fates.count { $0.hasSuffix("in 2") } == 50)
    }

    @Test func `what was not chosen is left alone, and goes first all the same`() throws {
        let both = [Self.mail(1, rows: 1...1), Self.mail(2, rows: 2...3)]
        #expect(try Self.summary(both, chosen: [3]) == ["2 in 0", "3 in 0"])
        let tried = [
            Self.mail(1, rows: 1...1, .waiting, .retry, attempts: 1), Self.mail(2, rows: 2...2),
        ]
        #expect(try Self.summary(tried, chosen: [2]) == ["2 deferred -1000"])
    }

    @Test func `--now and --max-age count as in the claim`() throws {
        #expect(
            try Self.summary([Self.mail(1, rows: 1...1, due: 500)], ignoresHold: true) == ["1 in 0"]
        )
        let tried = Self.mail(1, rows: 1...1, .waiting, .retry, due: 500, attempts: 1)
        #expect(try Self.summary([tried], ignoresHold: true) == ["1 deferred 500"])
        #expect(
            try Self.summary([Self.mail(1, rows: 1...2)], maxAge: .milliseconds(98_500))
                == ["1 stale", "2 in 0"])
    }
}
