import Testing

@testable import Service

@Suite struct SettingsFaultTests {
    struct Bad: Sendable {
        var key: SettingKey
        var texts: [String]
        /// What the message must say is allowed.
        var allowed: String
    }

    static let bad: [Bad] = [
        Bad(key: .database, texts: [":memory:", "a\u{0}b", "a\u{7}"], allowed: "must"),
        Bad(
            key: .smtpURL,
            texts: [
                "relay", "http://relay.example", "smtp://", "smtp://@relay.example",
                "smtp://relay.example:0", "smtp://relay.example:65536", "smtp://relay.example:",
                "smtp://relay.example/", "smtp://relay.example/x", "smtp://a b.example",
                "smtp://[192.0.2.1]", "smtp://[::1]x:25", "smtp://127.1",
                "smtp://0x7f000001", "smtp://127.0.0.01", "smtp://-a.example", "smtp://a..example",
                "smtp://u%zz@relay.example", "smtp://u%0Ax@relay.example",
                "smtp://%ff@relay.example",
                "smtp://a@b@relay.example", "smtp://relay.example\\@x",
            ], allowed: "must|write an @"),
        Bad(
            key: .smtpTLS, texts: ["yes", "Required", "may"],
            allowed: "required, opportunistic or none"),
        Bad(key: .smtpCAFile, texts: ["/nowhere/ca.pem", "/"], allowed: "can't be read"),
        Bad(
            key: .smtpConnections,
            texts: ["0", "1001", "-1", "+4", "four", "4.0", "٤", "9999999999999999999999"],
            allowed: "1 to 1000"),
        Bad(key: .smtpConnectTimeout, texts: ["99ms", "0", "30"], allowed: "from 100ms to 3650d"),
        Bad(key: .smtpCommandTimeout, texts: ["0s", "5min"], allowed: "from 100ms to 3650d"),
        Bad(key: .smtpFinalTimeout, texts: ["-1s", "1.5s"], allowed: "from 100ms to 3650d"),
        Bad(
            key: .ehloName,
            texts: ["a b", "mail.example.", "[1.2.3]", "[::1]", "münchen.de", "x\u{1B}[2J"],
            allowed: "domain name|control"),
        Bad(
            key: .from, texts: ["A\r\nB <a@b>", "A\u{2028}B <a@b>", "A\u{85} <a@b>"],
            allowed: "control"),
        Bad(key: .bounceAddress, texts: ["a\n@b"], allowed: "control"),
        Bad(
            key: .hold,
            texts: [
                "60", "soon", "1s1m", "1m1m", "3651d", "99999999999999999d", " 1s", "1 s", "s",
                "1S",
                "\"60s\"", "6٠s", "1h-30m",
            ], allowed: "from 0s to 3650d"),
        Bad(key: .pollInterval, texts: ["0", "9ms"], allowed: "from 10ms to 3650d"),
        Bad(key: .retryBase, texts: ["0s", "x"], allowed: "from 1ms to 3650d"),
        Bad(key: .retryCap, texts: ["0s", "x"], allowed: "from 1ms to 3650d"),
        Bad(key: .expireAfter, texts: ["0", "never"], allowed: "from 1ms to 3650d"),
        Bad(key: .maxAge, texts: ["none", "1w"], allowed: "off, 0, or a duration"),
        Bad(
            key: .idempotencyHeader,
            texts: [
                "X Key", "X-Key:", "Schlüssel", "Subject", "MESSAGE-ID", "Content-Type", "List-Id",
                "Precedence", "Comments", "Keywords", "X-Priority",
                String(repeating: "x", count: 61),
            ], allowed: "the name of a header of the relay's own"),
        Bad(key: .onUncertain, texts: ["drop", "RESEND"], allowed: "resend or hold"),
        Bad(key: .stopTimeout, texts: ["10ms"], allowed: "from 100ms"),
        Bad(key: .lease, texts: ["999ms"], allowed: "from 1s"),
        Bad(
            key: .rate, texts: ["50", "0/s", "50/h", "1000001/s", "-1/s", "/s", "1/s/s", "off"],
            allowed: "unlimited, or a number"),
        Bad(
            key: .metricsListen,
            texts: [
                "9464", ":9464", "host", "host.example:9464", "[::1]", "::1:9464", "127.0.0.1:0",
                "127.0.0.1:65536", "127.0.0.1:+1", "u@127.0.0.1:1", "127.0.0.1:1/x",
                "[127.0.0.1]:1",
            ],
            allowed: "127.0.0.1:9464"),
        Bad(key: .logFormat, texts: ["xml"], allowed: "text, json or journal"),
        Bad(
            key: .logLevel, texts: ["trace", "INFO"],
            allowed: "debug, info, notice, warning or error"),
        Bad(key: .retention, texts: ["forever"], allowed: "off, 0, or"),
    ]

    /// Whoever adds a key must not forget to read it: nothing would say that it has no effect.
    @Test(arguments: SettingKey.allCases)
    func `every setting is read`(key: SettingKey) throws {
        let error = #expect(throws: SettingsError.self) {
            try Settings.load(environment: [key.name: "a\nb"])
        }
        #expect(error?.faults.contains { $0.key == key.name } == true)
    }

    @Test(arguments: bad.flatMap { row in row.texts.map { (row.key, $0, row.allowed) } })
    func `a bad value is one fault that names key, value, origin and what is allowed`(
        key: SettingKey, text: String, allowed: String
    ) {
        let faults = Loading.faults([key.name: text])
        #expect(faults.count == 1)
        let line = faults.first ?? ""
        #expect(line.hasPrefix(key.name + " "))
        #expect(line.contains("(environment)"))
        #expect(line.contains(Escaping.quoted(text)))
        #expect(allowed.split(separator: "|").contains { line.contains($0) }, "\(line)")
    }

    @Test(arguments: ["smtp:/relay", "smtp://[::1", "smtp://::1", "smtp://relay:2x"])
    func `a URL with a colon where none belongs is refused unshown`(text: String) {
        let faults = Loading.faults(["OUTBOXD_SMTP_URL": text])
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix("OUTBOXD_SMTP_URL (environment): ") == true)
    }

    @Test func `all faults are reported at once, each with where it came from`() {
        let faults = Loading.faults(
            ["OUTBOXD_RATE": "fast", "OUTBOXD_SMTP_CONNECTIONS": "0"],
            file: "OUTBOXD_LEASE=1ms\nOUTBOXD_HOLDD=1s\nnonsense\n", flags: [.hold: "x"])
        #expect(faults.count == 6)
        let all = faults.joined(separator: "\n")
        #expect(all.contains("OUTBOXD_HOLD \"x\" (--hold): must be a duration"))
        #expect(all.contains("OUTBOXD_LEASE \"1ms\" (outboxd.env:1): must be"))
        #expect(
            all.contains(
                "OUTBOXD_HOLDD (outboxd.env:2): unknown setting; did you mean OUTBOXD_HOLD?"))
        #expect(all.contains("outboxd.env:3: must be KEY=value"))
        #expect(all.contains("OUTBOXD_RATE \"fast\" (environment): must be unlimited"))
    }

    @Test func `quotes in the environment are explained`() {
        let line = Loading.faults(["OUTBOXD_HOLD": "\"60s\""]).first ?? ""
        #expect(line.contains("the quotes are part of the value"))
    }

    @Test func `a value that is too long is refused without showing it`() {
        let faults = Loading.faults(["OUTBOXD_DATABASE": String(repeating: "x", count: 4_097)])
        #expect(faults == ["OUTBOXD_DATABASE (environment): must not be longer than 4096 bytes"])
    }

    @Test func `an error of many faults is bounded`() {
        let rubbish = String(repeating: "OUTBOXD_X=1\n", count: 10_000)
        #expect(Loading.faults(file: rubbish).count == 51)
        #expect(Loading.faults(file: rubbish).last == "and 9950 more")
    }

    @Test func `values in an error can't move the cursor or forge a line`() {
        let fault = SettingsFault(
            key: "OUTBOXD_X\u{1B}", value: "a\nb\u{202E}", origin: .file("f\u{7}", line: 1),
            problem: "p")
        #expect(fault.description == #"OUTBOXD_X\u001b "a\nb\u202e" (f\u0007:1): p"#)
    }

    /// As old Mac editors write them: the first value holds all that follows.
    @Test func `a file whose lines end with CR alone shows none of the secrets in it`() {
        for (key, value) in [("DATABASE", "/x.db"), ("HOLD", "60s"), ("SMTP_URL", "smtp://u@h")] {
            let file = "OUTBOXD_\(key)=\(value)\rOUTBOXD_SMTP_PASSWORD=Zq7secret\r"
            let faults = Loading.faults(file: file)
            #expect(!faults.isEmpty && !faults.contains { $0.contains("Zq7") }, "\(faults)")
        }
    }

    @Test func `checks of other modules add their faults, where ours found none`() {
        let check: Settings.Check = { $0.contains("@") ? nil : "must be `Name <address>`" }
        let faults = Loading.faults(
            ["OUTBOXD_FROM": "Support", "OUTBOXD_BOUNCE_ADDRESS": "a\nb"],
            checks: [.from: check, .bounceAddress: check])
        #expect(
            faults == [
                #"OUTBOXD_BOUNCE_ADDRESS "a\nb" (environment): must not contain control characters or line breaks"#,
                #"OUTBOXD_FROM "Support" (environment): must be `Name <address>`"#,
            ])
        #expect(throws: Never.self) {
            try Loading.load(["OUTBOXD_FROM": "a@b"], checks: [.from: check])
        }
    }
}
