import Delivery
import Testing

@testable import Service

/// `OUTBOXD_SMTP_AUTH`, tokens and client certificates: what fits together, and what is told of the rest.
@Suite struct OAuthSettingsTests {
    private static let base = [
        "OUTBOXD_SMTP_URL": "smtp://alice@relay.example:587", "OUTBOXD_SMTP_AUTH": "oauth",
    ]
    private static let client = [
        "OUTBOXD_OAUTH_TOKEN_URL": "https://login.example/t/oauth2/v2.0/token",
        "OUTBOXD_OAUTH_CLIENT_ID": "app", "OUTBOXD_OAUTH_CLIENT_SECRET_FILE": "/etc/hostname",
        "OUTBOXD_OAUTH_SCOPE": "https://outlook.office365.com/.default",
    ]

    private func merged(_ parts: [String: String]...) -> [String: String] {
        parts.reduce(into: [:]) { $0.merge($1) { $1 } }
    }

    @Test func `a token comes from a file, the credential, or a client`() throws {
        let file = try TemporaryFile("tok.en-1==\n", name: "smtp-token")
        let byFile = try Loading.settings(
            merged(Self.base, ["OUTBOXD_SMTP_TOKEN_FILE": file.path]))
        #expect(byFile.relay.tokens == .file(file.path) && byFile.relay.password == nil)
        let credential = ["CREDENTIALS_DIRECTORY": file.directory]
        let byCredential = try Loading.settings(merged(Self.base, credential))
        #expect(byCredential.relay.tokens == .file("\(file.directory)/smtp-token"))
        let byClient = try Loading.settings(merged(Self.base, Self.client, credential))
        guard case .client(let client) = byClient.relay.tokens else {
            Issue.record("no client")
            return
        }
        #expect(client.id == "app" && client.url.host == "login.example" && client.url.isEncrypted)
        #expect(client.scope == "https://outlook.office365.com/.default")
    }

    @Test(arguments: [
        "", "\n", "a b", "a\u{1}b", "a\nb", "ü", String(repeating: "x", count: 16_385),
    ])
    func `what is no token is refused, and not shown`(content: String) throws {
        let file = try TemporaryFile(content)
        let faults = Loading.faults(merged(Self.base, ["OUTBOXD_SMTP_TOKEN_FILE": file.path]))
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix("OUTBOXD_SMTP_TOKEN_FILE \"\(file.path)\"") == true)
        #expect(content.count < 3 || faults.first?.contains(content) == false)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        var name: String
        var settings: [String: String]
        /// Beginnings of lines, in order, and words in them.
        var lines: [(key: String, words: String)]
        var testDescription: String { name }
    }

    static let bad: [Bad] = [
        Bad(
            name: "oauth without a source", settings: base,
            lines: [("OUTBOXD_SMTP_AUTH \"oauth\"", "needs a token")]),
        Bad(
            name: "a file and a client",
            settings: base.merging(client) { $1 }.merging([
                "OUTBOXD_SMTP_TOKEN_FILE": "/etc/hostname"
            ]) {
                $1
            }, lines: [("OUTBOXD_SMTP_TOKEN_FILE", "together with OUTBOXD_OAUTH_TOKEN_URL")]),
        Bad(
            name: "no user",
            settings: client.merging([
                "OUTBOXD_SMTP_URL": "smtp://relay.example", "OUTBOXD_SMTP_AUTH": "oauth",
            ]) { $1 }, lines: [("OUTBOXD_SMTP_URL", "must name the user")]),
        Bad(
            name: "no TLS",
            settings: base.merging(client) { $1 }.merging(["OUTBOXD_SMTP_TLS": "none"]) { $1 },
            lines: [("OUTBOXD_SMTP_TLS", "an access token goes over")]),
        Bad(
            name: "unverified TLS",
            settings: base.merging(client) { $1 }.merging(["OUTBOXD_SMTP_TLS": "opportunistic"]) {
                $1
            },
            lines: [("OUTBOXD_SMTP_TLS", "loopback relay only")]),
        Bad(
            name: "all that is missing, and what is wrong, at once",
            settings: [
                "OUTBOXD_SMTP_URL": "smtp://relay.example", "OUTBOXD_SMTP_AUTH": "oauth",
                "OUTBOXD_OAUTH_TOKEN_URL": "http://login.example/token",
                "OUTBOXD_SMTP_CLIENT_KEY_FILE": "/etc/hostname",
            ],
            lines: [
                ("OUTBOXD_SMTP_URL", "must name the user"),
                ("OUTBOXD_OAUTH_CLIENT_ID", "must be set"),
                ("OUTBOXD_OAUTH_CLIENT_SECRET_FILE", "must be set"),
                ("OUTBOXD_OAUTH_TOKEN_URL", "must begin with https://"),
                ("OUTBOXD_SMTP_CLIENT_KEY_FILE", "without OUTBOXD_SMTP_CLIENT_CERT_FILE"),
            ]),
        Bad(
            name: "a secret file that is not there",
            settings: base.merging(client) { $1 }.merging([
                "OUTBOXD_OAUTH_CLIENT_SECRET_FILE": "/nowhere/secret"
            ]) { $1 }, lines: [("OUTBOXD_OAUTH_CLIENT_SECRET_FILE", "No such file")]),
        Bad(
            name: "a token without oauth",
            settings: [
                "OUTBOXD_SMTP_URL": "smtp://alice@relay.example",
                "OUTBOXD_SMTP_TOKEN_FILE": "/etc/hostname",
            ], lines: [("OUTBOXD_SMTP_TOKEN_FILE", "goes with OUTBOXD_SMTP_AUTH=oauth")]),
        Bad(
            name: "another word", settings: ["OUTBOXD_SMTP_AUTH": "xoauth2"],
            lines: [("OUTBOXD_SMTP_AUTH", "must be password, oauth or none")]),
        Bad(
            name: "password without one",
            settings: [
                "OUTBOXD_SMTP_URL": "smtp://alice@relay.example", "OUTBOXD_SMTP_AUTH": "password",
            ], lines: [("OUTBOXD_SMTP_URL", "a password must be given")]),
        Bad(
            name: "a certificate without TLS",
            settings: [
                "OUTBOXD_SMTP_TLS": "none", "OUTBOXD_SMTP_CLIENT_CERT_FILE": "/etc/hostname",
            ],
            lines: [
                ("OUTBOXD_SMTP_CLIENT_CERT_FILE", "must hold a certificate in PEM"),
                ("OUTBOXD_SMTP_TLS", "must not be none with OUTBOXD_SMTP_CLIENT_CERT_FILE"),
            ]),
    ]

    @Test(arguments: bad) func `what does not fit together is told at once`(_ example: Bad) {
        let faults = Loading.faults(example.settings)
        #expect(faults.count == example.lines.count, "\(faults)")
        for line in example.lines {
            #expect(
                faults.contains { $0.hasPrefix(line.key) && $0.contains(line.words) },
                "\(line): \(faults)")
        }
    }

    @Test(arguments: [
        ("https://login.example/token?x=1", true), ("https://192.0.2.1:8443/", true),
        ("https://[2001:db8::1]/t", true), ("HTTPS://login.example", true),
        ("http://localhost:8080/token", true), ("http://127.0.0.1/token", true),
        ("http://[::1]:99/token", true), ("http://login.example/token", false),
        ("http://localhost.example/token", false), ("ftp://login.example/", false),
        ("https://", false), ("https://user:pw@login.example/", false), ("https:///token", false),
        ("https://login.example:0/", false), ("https://login.example/#x", false),
        ("https://login.example/a b", false), ("https://löwe.example/", false),
        ("https://login.example\\@evil.example/", false),
    ])
    func `token addresses`(text: String, isGood: Bool) {
        let result = try? TokenURL.parse(text)
        #expect((result != nil) == isGood)
        if !isGood {
            let faults = Loading.faults(
                merged(Self.base, Self.client, ["OUTBOXD_OAUTH_TOKEN_URL": text]))
            #expect(faults.count == 1 && (faults.first ?? "").hasPrefix("OUTBOXD_OAUTH_TOKEN_URL"))
            #expect(!(faults.first ?? "").contains("pw@"))
        }
    }

    /// What is wrong need not be the URL itself.
    @Test func `a password in a token address is not shown, whatever is wrong`() {
        let url = ["OUTBOXD_OAUTH_TOKEN_URL": "https://user:hunter2@login.example/"]
        for settings in [url, url.merging(Self.base) { $1 }] {
            let faults = Loading.faults(settings)
            #expect(faults.contains { $0.hasPrefix("OUTBOXD_OAUTH_TOKEN_URL") })
            #expect(!faults.contains { $0.contains("hunter2") }, "\(faults)")
        }
    }

    @Test func `none never logs in, whatever else is there, and says so`() throws {
        let loaded = try Loading.load([
            "OUTBOXD_SMTP_URL": "smtp://alice@relay.example", "OUTBOXD_SMTP_AUTH": "none",
            "OUTBOXD_SMTP_PASSWORD": "hunter2", "OUTBOXD_SMTP_TOKEN_FILE": "/nowhere",
        ])
        let relay = loaded.settings.relay
        #expect(relay.password == nil && relay.tokens == nil && relay.address.user == nil)
        #expect(loaded.warnings.count == 3)
        #expect(loaded.warnings.allSatisfy { $0.contains("OUTBOXD_SMTP_AUTH is none") })
    }

    @Test func `a password and a token never stand in for each other`() throws {
        let both = merged(Self.base, Self.client, ["OUTBOXD_SMTP_PASSWORD": "hunter2"])
        let byToken = try Loading.load(both)
        #expect(byToken.settings.relay.password == nil && byToken.settings.relay.tokens != nil)
        #expect(
            byToken.warnings == ["OUTBOXD_SMTP_PASSWORD is not used: OUTBOXD_SMTP_AUTH is oauth"])
        let byPassword = try Loading.load(merged(both, ["OUTBOXD_SMTP_AUTH": "password"]))
        #expect(byPassword.settings.relay.password == Secret("hunter2"))
        #expect(byPassword.settings.relay.tokens == nil && byPassword.warnings.count == 4)
    }

    @Test func `neither token nor certificate goes to a relay that a flag names`() throws {
        let configured = merged(
            Self.base, Self.client, ["OUTBOXD_SMTP_CLIENT_CERT_FILE": "/nowhere/cert.pem"])
        let other = try Loading.load(configured, flags: [.smtpURL: "smtp://other.example"])
        #expect(other.settings.relay.tokens == nil && other.settings.relay.clientCertificate == nil)
        let file = try TemporaryFile("t0ken", name: "smtp-token")
        let faults = Loading.faults(
            merged(configured, ["CREDENTIALS_DIRECTORY": file.directory]),
            flags: [.smtpURL: "smtp://bob@other.example", .smtpAuth: "oauth"])
        #expect(faults.count == 1 && (faults.first ?? "").contains("needs a token"))
        let own = try Loading.load(
            configured,
            flags: [
                .smtpURL: "smtp://bob@other.example", .smtpAuth: "oauth", .smtpTokenFile: file.path,
            ])
        #expect(own.settings.relay.tokens == .file(file.path))
    }

    @Test func `who does not talk to the relay needs no token`() throws {
        for settings in [
            Self.base, merged(Self.base, ["OUTBOXD_SMTP_TOKEN_FILE": "/nowhere"]),
            merged(Self.base, Self.client, ["OUTBOXD_OAUTH_CLIENT_SECRET_FILE": "/nowhere"]),
            ["OUTBOXD_SMTP_CLIENT_CERT_FILE": "/nowhere"],
        ] {
            _ = try Settings.load(
                environment: settings, context: Settings.Context(usesRelay: false))
        }
    }

    private static let certificate =
        "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"
    private static let key = "-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n"
    private static let locked = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMA==\n"

    @Test(
        arguments: [
            (certificate + key, nil, nil), (certificate, key, nil),
            (certificate, nil, "holds no key, so OUTBOXD_SMTP_CLIENT_KEY_FILE"),
            (key, nil, "must hold a certificate"), (certificate, certificate, "must hold a key"),
            (certificate, locked + "-----END ENCRYPTED PRIVATE KEY-----", "needs a passphrase"),
        ] as [(String, String?, String?)])
    func `certificate and key`(certificate: String, key: String?, problem: String?) throws {
        let file = try TemporaryFile(certificate)
        let keyFile = try key.map { try TemporaryFile($0) }
        var settings = ["OUTBOXD_SMTP_CLIENT_CERT_FILE": file.path]
        settings["OUTBOXD_SMTP_CLIENT_KEY_FILE"] = keyFile?.path
        if let problem {
            let faults = Loading.faults(settings)
            #expect(faults.count == 1 && (faults.first ?? "").contains(problem), "\(faults)")
        } else {
            let files = try Loading.settings(settings).relay.clientCertificate
            #expect(files == CertificateFiles(certificate: file.path, key: keyFile?.path))
        }
    }
}
