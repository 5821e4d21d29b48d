import Delivery
import Foundation
import TestSupport
import Testing

@testable import SMTP

/// What outboxd shows of itself within TLS.
@Suite struct ClientCertificateTests {
    @Test(arguments: [1, 30, 12_000])
    func itsEndIsRead(days: Int) throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let (file, key) = (directory.file("cert.pem"), directory.file("key.pem"))
        try ChildProcess.tool(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-days", "\(days)", "-subj", "/CN=client.test", "-keyout", key, "-out", file,
            ], package: "openssl")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let end = try #require(ClientCertificate.end(inPEM: text))
        let wanted = Date.now.timeIntervalSince1970 + Double(days) * 86_400
        #expect(abs(Double(end.milliseconds) / 1_000 - wanted) < 300)
        // Half of one, and what is none.
        let body = text.split(separator: "\n").dropFirst().dropLast().joined()
        for length in stride(from: 0, to: body.count, by: 4) {
            let cut =
                "-----BEGIN CERTIFICATE-----\n\(body.prefix(length))\n-----END CERTIFICATE-----"
            _ = ClientCertificate.end(inPEM: cut)
        }
        #expect(
            ClientCertificate.end(inPEM: try String(contentsOfFile: key, encoding: .utf8)) == nil)
    }

    @Test(arguments: ["", "MA==", "MIIBAA==", "MAMCAQE=", "/////w==", "MIT/////AAAA", "!!"])
    func whatIsNoneHasNoEnd(body: String) {
        let text = "-----BEGIN CERTIFICATE-----\n\(body)\n-----END CERTIFICATE-----\n"
        #expect(ClientCertificate.end(inPEM: text) == nil)
    }

    private func settings(_ relay: TLSRelay, _ certificate: ClientCertificate) -> ConnectionSettings
    {
        ConnectionSettings(
            host: "localhost", port: relay.port, tls: .required, clientCertificate: certificate,
            caFile: relay.caFile, connectTimeout: .seconds(5), commandTimeout: .seconds(5))
    }

    @Test func isShownToTheRelay() throws {
        let relay = try TLSRelay("starttls", asksForCertificate: true)
        defer { relay.stop() }
        // Its own will do as ours.
        let own = ClientCertificate(certificateFile: relay.caFile, keyFile: relay.keyFile)
        try RelayConnection.open(settings(relay, own)).close()
        var without = settings(relay, own)
        without.clientCertificate = nil
        let trouble = #expect(throws: RelayTrouble.self) { try RelayConnection.open(without) }
        #expect(trouble != nil)
    }

    @Test func filesThatDoNotFitAreToldAndNeverGoInClear() throws {
        let relay = try TLSRelay("starttls")
        let other = try TLSRelay("starttls")
        defer {
            relay.stop()
            other.stop()
        }
        let bad = [
            ClientCertificate(certificateFile: relay.caFile, keyFile: other.keyFile),
            ClientCertificate(certificateFile: "/nowhere/cert.pem"),
            ClientCertificate(certificateFile: relay.caFile, keyFile: relay.caFile),
        ]
        for certificate in bad {
            for tls in [TLSMode.required, .opportunistic] {
                var settings = settings(relay, certificate)
                settings.tls = tls
                let trouble = #expect(throws: RelayTrouble.self) {
                    try RelayConnection.open(settings)
                }
                #expect(trouble?.kind == .credentials && trouble?.error.stage == .tls)
                #expect(
                    trouble?.error.text.hasPrefix("the client certificate can't be used") == true,
                    "\(trouble?.error.text ?? "")")
            }
        }
    }
}
