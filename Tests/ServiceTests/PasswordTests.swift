import Delivery
import Testing

@testable import Service

@Suite struct PasswordTests {
    private let url = "smtp://alice@relay.example:587"

    private func password(_ environment: [String: String]) throws -> String? {
        try Loading.settings(["OUTBOXD_SMTP_URL": url].merging(environment) { $1 })
            .relay.password?.revealed
    }

    @Test func `it comes from the environment, a file, or the credential`() throws {
        let file = try TemporaryFile("from file\n", name: "smtp-password")
        let credential = ["CREDENTIALS_DIRECTORY": file.directory]
        #expect(try password(["OUTBOXD_SMTP_PASSWORD": "p w"]) == "p w")
        #expect(try password(["OUTBOXD_SMTP_PASSWORD_FILE": file.path]) == "from file")
        #expect(try password(credential) == "from file")
        let both = credential.merging(["OUTBOXD_SMTP_PASSWORD": "x"]) { $1 }
        #expect(try password(both) == "x")
        let other = try TemporaryFile("other")
        // The service need not be able to read the file that root's commands read.
        #expect(
            try password(credential.merging(["OUTBOXD_SMTP_PASSWORD_FILE": "/nowhere"]) { $1 })
                == "from file")
        #expect(
            try password(credential.merging(["OUTBOXD_SMTP_PASSWORD_FILE": other.path]) { $1 })
                == "from file")
    }

    @Test(
        arguments: [
            ("a", "a"), ("a\n", "a"), ("a\r\n", "a"), (" a ", " a "), ("ü\t", "ü\t"), ("a\r", nil),
            ("a\n\n", nil), ("a\nb", nil), ("", nil), ("\n", nil), ("a\u{0}b", nil),
            (String(repeating: "x", count: 4_096), String(repeating: "x", count: 4_096)),
            (String(repeating: "x", count: 4_097), nil),
        ] as [(String, String?)])
    func `one line end is cut off, and what is not one line is refused`(
        content: String, wanted: String?
    ) throws {
        let file = try TemporaryFile(content)
        let environment = ["OUTBOXD_SMTP_URL": url, "OUTBOXD_SMTP_PASSWORD_FILE": file.path]
        if let wanted {
            #expect(try Loading.settings(environment).relay.password == Secret(wanted))
        } else {
            let faults = Loading.faults(environment)
            #expect(faults.count == 1)
            #expect(
                faults.first?.hasPrefix(
                    "OUTBOXD_SMTP_PASSWORD_FILE \"\(file.path)\" (environment): ")
                    == true)
        }
    }

    @Test(arguments: [
        [:], ["OUTBOXD_SMTP_PASSWORD_FILE": "/nowhere/smtp-password"],
        ["CREDENTIALS_DIRECTORY": "/dev/null"],
    ]) func `who does not talk to the relay needs no password`(
        environment: [String: String]
    ) throws {
        let environment = environment.merging(["OUTBOXD_SMTP_URL": url]) { $1 }
        #expect(Loading.faults(environment).count == 1)
        let settings = try Settings.load(
            environment: environment, context: Settings.Context(usesRelay: false))
        #expect(settings.settings.relay.password == nil)
    }

    @Test func `under systemd the error says where the credential comes from`() throws {
        let faults = Loading.faults(["OUTBOXD_SMTP_URL": url, "CREDENTIALS_DIRECTORY": "/nowhere"])
        #expect(faults.count == 1)
        let words = "the unit passes what stands in /etc/outboxd/smtp-password: `install -m 0600 "
        #expect(faults.first?.contains(words) == true)
        let file = Loading.faults([
            "OUTBOXD_SMTP_URL": url, "OUTBOXD_SMTP_PASSWORD_FILE": "/nowhere",
        ])
        #expect(file.first?.contains("; `install -m 0600 /dev/stdin /nowhere` as root") == true)
    }

    @Test func `a credential that is missing or empty is none`() throws {
        let empty = try TemporaryFile("", name: "smtp-password")
        for directory in [empty.directory, "/nowhere"] {
            let settings = try Loading.settings(["CREDENTIALS_DIRECTORY": directory])
            #expect(settings.relay.password == nil)
        }
        let bad = try TemporaryFile("hunter2\nb", name: "smtp-password")
        let faults = Loading.faults([
            "OUTBOXD_SMTP_URL": url, "CREDENTIALS_DIRECTORY": bad.directory,
        ])
        #expect(
            faults == [
                "OUTBOXD_SMTP_PASSWORD: the password must be one line of UTF-8 text, of 1 to 4096 bytes"
            ])
    }

    /// The unit passes what lies in /etc whether the settings want it or not.
    @Test func `a credential without a user is only a warning`() throws {
        let file = try TemporaryFile("hunter2", name: "smtp-password")
        let loaded = try Loading.load(["CREDENTIALS_DIRECTORY": file.directory])
        #expect(loaded.settings.relay.password == nil)
        #expect(
            loaded.warnings == [
                "the systemd credential smtp-password is not used: "
                    + "OUTBOXD_SMTP_URL names no user (smtp://user@host)"
            ])
    }

    @Test(arguments: [
        (["OUTBOXD_SMTP_URL": "smtp://alice@r.example"], "OUTBOXD_SMTP_URL", "must be given"),
        (["OUTBOXD_SMTP_PASSWORD": "hunter2"], "OUTBOXD_SMTP_URL", "must name the user"),
        (
            [
                "OUTBOXD_SMTP_URL": "smtp://alice@r.example", "OUTBOXD_SMTP_PASSWORD": "hunter2",
                "OUTBOXD_SMTP_PASSWORD_FILE": "/x",
            ], "OUTBOXD_SMTP_PASSWORD_FILE", "together"
        ),
        (
            [
                "OUTBOXD_SMTP_URL": "smtp://alice@r.example",
                "OUTBOXD_SMTP_PASSWORD_FILE": "/nowhere/x",
            ],
            "OUTBOXD_SMTP_PASSWORD_FILE", "No such file"
        ),
        (
            ["OUTBOXD_SMTP_URL": "smtp://alice@r.example", "OUTBOXD_SMTP_PASSWORD": "hun\nter2"],
            "OUTBOXD_SMTP_PASSWORD", "one line"
        ),
        (
            [
                "OUTBOXD_SMTP_URL": "smtp://alice@r.example", "OUTBOXD_SMTP_PASSWORD": "hunter2",
                "OUTBOXD_SMTP_TLS": "opportunistic",
            ], "OUTBOXD_SMTP_TLS", "loopback relay only"
        ),
        (
            [
                "OUTBOXD_SMTP_URL": "smtp://alice@r.example", "OUTBOXD_SMTP_PASSWORD": "hunter2",
                "OUTBOXD_SMTP_TLS": "none",
            ], "OUTBOXD_SMTP_TLS", "loopback relay only"
        ),
        (
            ["OUTBOXD_SMTP_URL": "smtps://r.example", "OUTBOXD_SMTP_TLS": "none"],
            "OUTBOXD_SMTP_TLS", "smtps"
        ),
    ]) func `user, password and TLS must fit together`(
        environment: [String: String], key: String, words: String
    ) {
        let faults = Loading.faults(environment)
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix(key) == true)
        #expect(faults.first?.contains(words) == true)
        #expect(faults.first?.contains("hunter2") == false)
    }

    @Test(
        arguments: ["localhost", "127.0.0.1", "[::1]"], ["opportunistic", "none", "required", ""])
    func `to a loopback relay a password goes by any TLS`(host: String, tls: String) throws {
        let settings = try Loading.settings([
            "OUTBOXD_SMTP_URL": "smtp://alice@\(host)", "OUTBOXD_SMTP_PASSWORD": "p",
            "OUTBOXD_SMTP_TLS": tls,
        ])
        #expect(settings.relay.password == Secret("p"))
    }

    @Test func `the configured password does not go to a relay that a flag names`() throws {
        let file = try TemporaryFile("flagged")
        let configured = ["OUTBOXD_SMTP_URL": url, "OUTBOXD_SMTP_PASSWORD": "hunter2"]
        let other = try Loading.load(configured, flags: [.smtpURL: "smtp://other.example"])
        #expect(other.settings.relay.password == nil)
        let faults = Loading.faults(configured, flags: [.smtpURL: "smtp://bob@other.example"])
        #expect(faults.count == 1)
        #expect(faults.first?.contains("--smtp-password-file must be given too") == true)
        let both = try Loading.load(
            configured, flags: [.smtpURL: "smtp://bob@other.example", .smtpPasswordFile: file.path])
        #expect(both.settings.relay.password?.revealed == "flagged")
    }

    @Test func `a secret shows in no way of printing`() throws {
        let settings = try Loading.settings([
            "OUTBOXD_SMTP_URL": url, "OUTBOXD_SMTP_PASSWORD": "hunter2",
        ])
        var dumped = ""
        dump(settings, to: &dumped)
        let secret = Secret("hunter2")
        dump(secret, to: &dumped)
        let texts = [
            dumped, "\(settings)", "\(settings.relay)", "\(secret)", String(reflecting: secret),
            String(reflecting: settings), "\([secret])", "\(Optional(secret) as Any)",
        ]
        for text in texts {
            #expect(!text.contains("hunter2"))
            #expect(text.contains("<redacted>"))
        }
    }
}
