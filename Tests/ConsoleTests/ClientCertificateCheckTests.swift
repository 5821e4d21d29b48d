import TestSupport
import Testing

/// What `check` says of the certificate that outboxd shows.
struct ClientCertificateCheckTests {
    private func check(
        _ relay: TLSRelay, _ certificate: String, key: String
    ) throws -> ChildProcess.Result {
        try OutboxdBinary.run(
            ["check"],
            environment: [
                "OUTBOXD_DATABASE": "/nowhere/o.db", "OUTBOXD_FROM": "Acme <support@acme.test>",
                "OUTBOXD_SMTP_URL": "smtp://localhost:\(relay.port)",
                "OUTBOXD_SMTP_TLS": "required", "OUTBOXD_SMTP_CA_FILE": relay.caFile,
                "OUTBOXD_SMTP_CLIENT_CERT_FILE": certificate,
                "OUTBOXD_SMTP_CLIENT_KEY_FILE": key,
            ])
    }

    @Test(arguments: [(7, "warn", "6 days; put a new one there"), (90, "info", "89 days")])
    func `when it ends`(days: Int, result: String, words: String) throws {
        let relay = try TLSRelay("starttls", days: days, asksForCertificate: true)
        defer { relay.stop() }
        let output = try check(relay, relay.caFile, key: relay.keyFile).output
        #expect(output.contains("ok    TLS          TLSv1."), "\(output)")
        #expect(
            output.contains(
                "\(result)  TLS          the client certificate in \(relay.caFile) ends in \(words)"
            ),
            "\(output)")
    }

    @Test func `that its key is another's`() throws {
        let relay = try TLSRelay("starttls", asksForCertificate: true)
        let other = try TLSRelay("starttls")
        defer {
            relay.stop()
            other.stop()
        }
        let output = try check(relay, relay.caFile, key: other.keyFile).output
        #expect(
            output.contains("FAIL  TLS          tls: the client certificate can't be used: "),
            "\(output)")
        #expect(output.contains("that they belong together"))
    }
}
