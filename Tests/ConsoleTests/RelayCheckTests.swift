import Delivery
import Mail
import SMTP
import SQLite
import TestSupport
import Testing

@testable import Console
@testable import Store

/// What `check` says of the relay, and what to do.
struct RelayCheckTests {
    private func check(
        _ url: String, _ settings: [String: String] = [:], database: String = "/nowhere/o.db"
    ) throws -> ChildProcess.Result {
        let own = [
            "OUTBOXD_DATABASE": database, "OUTBOXD_SMTP_URL": url,
            "OUTBOXD_FROM": "Acme <support@acme.test>",
        ]
        return try OutboxdBinary.run(["check"], environment: own.merging(settings) { $1 })
    }

    private func expect(
        _ result: ChildProcess.Result, _ lines: String...,
        at location: SourceLocation = #_sourceLocation
    ) {
        for line in lines {
            #expect(
                result.output.contains(line), "\(result.output)", sourceLocation: location)
        }
    }

    // MARK: TLS

    @Test func `a certificate that ends soon, and how long it took`() throws {
        let relay = try TLSRelay("starttls", days: 7)
        defer { relay.stop() }
        let result = try check(
            "smtp://me@localhost:\(relay.port)",
            [
                "OUTBOXD_SMTP_TLS": "required", "OUTBOXD_SMTP_CA_FILE": relay.caFile,
                "OUTBOXD_SMTP_PASSWORD": "s3cret",
            ])
        expect(
            result, "ok    DNS          localhost is ", "ok    TLS          TLSv1.",
            "warn  TLS          the relay's certificate (CN = localhost) ends in 6 days",
            "info  relay        took: looking up the name ", " TLS ", " login ",
            "ok    credentials  the relay accepts those of me; it offers PLAIN",
            "ok    senders      1 sender not refused yet; `outboxd send-test` decides")
    }

    @Test(arguments: [
        ("localhost", -1, true, "expired on 20", "has to renew it"),
        ("mx.test", 2, true, "it is for mx.test; write one of its names", "instead of localhost"),
        ("localhost", 2, false, "is none that this system trusts", "in OUTBOXD_SMTP_CA_FILE"),
    ])
    func `a certificate that is refused, and what to do`(
        name: String, days: Int, isKnown: Bool, words: String, advice: String
    ) throws {
        let relay = try TLSRelay("starttls", name: name, days: days)
        defer { relay.stop() }
        var settings = ["OUTBOXD_SMTP_TLS": "required", "OUTBOXD_SMTP_PASSWORD": "s3cret"]
        if isKnown { settings["OUTBOXD_SMTP_CA_FILE"] = relay.caFile }
        let result = try check("smtp://me@localhost:\(relay.port)", settings)
        expect(result, "ok    relay ", "FAIL  TLS ", words, advice, "skip  credentials")
        #expect(!result.output.contains("OUTBOXD_SMTP_TLS"), "no nudge to turn checks off")
    }

    @Test func `the other scheme is named`() throws {
        let implicit = try TLSRelay("implicit")
        defer { implicit.stop() }
        let wants = try check("smtp://localhost:\(implicit.port)")
        expect(
            wants, "FAIL  relay        port \(implicit.port) wants smtps://",
            "write smtps://localhost:\(implicit.port)", "skip  TLS")
        let plain = try TLSRelay("starttls")
        defer { plain.stop() }
        let other = try check("smtps://localhost:\(plain.port)")
        expect(
            other, "FAIL  relay        port \(plain.port) wants smtp://",
            "write smtp://localhost:\(plain.port); TLS begins there with STARTTLS")
    }

    private static let now = WallTime(milliseconds: 1_795_859_220_000)  // 2026-11-28 09:47

    private static func certificate(_ lines: String...) -> RelayCertificate {
        RelayCertificate(lines: lines)
    }

    private static let chains: [([RelayCertificate], String)] = [
        ([], "what it shows could not be seen"),
        ([certificate("Expire date:Nov  2 09:00:00 2026 GMT")], "it expired on 2026-11-02; "),
        (
            [
                certificate("Expire date:Nov  2 09:00:00 2027 GMT"),
                certificate("Subject:CN = R3", "Expire date:Nov  2 09:00:00 2026 GMT"),
            ], "CN = R3 expired on 2026-11-02; "
        ),
        (
            [certificate("Start date:Nov 29 09:00:00 2026 GMT")],
            "it is good from 2026-11-29 09:00:00 UTC on; see whether this machine's clock is right"
        ),
        (
            [certificate("X509v3 Subject Alternative Name:DNS:a.test, DNS:*.b.test")],
            "it is for a.test, *.b.test; write one of its names"
        ),
        (
            [certificate("X509v3 Subject Alternative Name:DNS:relay.test", "Issuer:CN = Own")],
            "its issuer (CN = Own) is none that this system trusts"
        ),
    ]

    @Test(arguments: chains)
    func `why a certificate is refused`(chain: [RelayCertificate], words: String) {
        let advice = RelayAdvice.certificate(
            chain, host: "relay.test", caFile: nil, now: Self.now)
        #expect(advice.hasPrefix(words), "\(advice)")
    }

    @Test(arguments: [
        ("relay.test", true), ("RELAY.test", true), ("mx.b.test", true), ("b.test", false),
        ("x.mx.b.test", false), ("other.test", false), ("192.0.2.1", true),
    ])
    func `which hosts a certificate is for`(host: String, isFor: Bool) {
        let certificate = Self.certificate(
            "X509v3 Subject Alternative Name:DNS:relay.test, DNS:*.b.test, IP Address:192.0.2.1")
        #expect(certificate.isFor(host) == isFor)
    }

    // MARK: Before MAIL

    @Test func `each trouble has its next step`() throws {
        expect(
            try check("smtp://nowhere.invalid"),
            "FAIL  DNS          no address for nowhere.invalid",
            "skip  relay", "skip  senders")
        expect(
            try check("smtp://127.0.0.1:1"), "FAIL  relay        connect: ",
            "nothing listens there: see that the relay runs")
        for (verb, reply, words) in [
            (RelayEvent.Verb.connect, 554, "the relay turns this machine away"),
            (.ehlo, 550, "set OUTBOXD_EHLO_NAME"),
        ] {
            let relay = try ScriptedRelay(rules: [.on(verb, .reply(reply, "5.7.1 no"))])
            expect(try check(relay.url), "FAIL  relay ", words, "took: looking up ", "connecting ")
        }
        let login = try ScriptedRelay()
        let settings = ["OUTBOXD_SMTP_PASSWORD": "s3cret"]
        expect(
            try check("smtp://me@127.0.0.1:\(login.port)", settings), "FAIL  credentials",
            "does not offer AUTH", "with 587")
    }

    @Test func `what a relay repeats of a login is not shown`() throws {
        var configuration = RelayConfiguration()
        configuration.credentials = .init(user: "me", password: "right")
        let relay = try ScriptedRelay(configuration)
        relay.add { $0.verb == .auth ? .reply(535, "5.7.8 not \($0.line), not s3cret") : nil }
        let result = try check(
            "smtp://me@127.0.0.1:\(relay.port)", ["OUTBOXD_SMTP_PASSWORD": "s3cret"])
        expect(
            result, "FAIL  credentials  auth: 535 5.7.8 not AUTH PLAIN ***, not ***; see the user")
    }

    // MARK: Senders

    @Test func `senders are named to the relay, and taken back`() throws {
        let outbox = try Outbox()
        try outbox.connection.execute(
            """
            INSERT INTO helpdesks (id, name, from_address, bounce_address) VALUES
                ('a', 'A', 'bad@a.test', NULL), ('b', 'B', 'later@b.test', NULL),
                ('c', 'C', 'c@c.test', 'bounces@acme.test'),
                ('d', 'D', 'd@d.test', 'Bounces@acme.test'), ('e', 'E', 'nobody', NULL)
            """)
        let relay = try ScriptedRelay(rules: [
            .refuse(sender: "bad@a.test"),
            .refuse(sender: "later@b.test", 451, "4.7.1 not now"),
        ])
        let result = try check(relay.url, database: outbox.path)
        expect(
            result,
            "FAIL  senders      the relay refuses mail from bad@a.test (helpdesk a): mail: 553 5.7.1 "
                + "Sender refused; have it allow",
            "warn  senders      the relay puts mail from later@b.test (helpdesk b) off: mail: 451",
            "warn  senders      from_address of helpdesk e is no address",
            "ok    senders      2 senders not refused yet; `outboxd send-test` decides")
        #expect(result.exit == .code(69))
        let lines = relay.commands.filter { $0.verb == .mail || $0.verb == .rset }.map(\.line)
        #expect(
            lines == [
                "MAIL FROM:<support@acme.test>", "RSET", "MAIL FROM:<bad@a.test>", "RSET",
                "MAIL FROM:<later@b.test>", "RSET", "MAIL FROM:<bounces@acme.test>", "RSET",
            ])
        #expect(relay.record.connections.count == 1)
        #expect(!relay.commands.contains { $0.verb == .rcpt })
    }

    @Test func `a relay that ends the questions is asked no more`() throws {
        let outbox = try Outbox()
        try outbox.connection.execute(
            "INSERT INTO helpdesks (id, name, from_address) VALUES ('a', 'A', 'a@a.test')")
        let relay = try ScriptedRelay(rules: [.on(.mail, .shutDown)])
        let result = try check(relay.url, database: outbox.path)
        expect(result, "warn  senders      the relay said 421", "2 senders not tried")
        #expect(result.exit == .code(0) && relay.commands.count { $0.verb == .mail } == 1)
    }

    @Test func `no more than fifty are asked about`() throws {
        let helpdesks = (1...60).map { number in
            Helpdesk(
                id: "h\(number)", name: "", fromAddress: "h\(number)@acme.test",
                allowedDomains: "", locale: "en")
        }
        let senders = SendersToTry(
            from: try Mailbox(parsing: "s@acme.test"), bounceAddress: nil, helpdesks: helpdesks)
        #expect(senders.senders.count == 50 && senders.hasMore)
        let one = SendersToTry(
            from: nil, bounceAddress: try EmailAddress("b@acme.test"), helpdesks: helpdesks)
        #expect(one.senders.count == 1 && !one.hasMore)
        #expect(
            one.senders[0].text == "b@acme.test (helpdesk h1, helpdesk h2, helpdesk h3 and 57 more)"
        )
    }
}
