import Delivery
import Glibc
import TestSupport
import Testing

@testable import SMTP

/// The files that a connection needs are read before libcurl could wait for one of them.
@Suite(.timeLimit(.minutes(1)))
struct PEMFileTests {
    private static func failure(of path: String) -> String? {
        do throws(PEMFile.Failure) {
            _ = try PEMFile.read(path)
            return nil
        } catch {
            return error.text
        }
    }

    @Test func `all of a file is read, and nothing of what is none`() throws {
        let directory = try TemporaryDirectory()
        let text = String(repeating: "-----BEGIN\n", count: 20_000)
        let path = try directory.write(text, to: "ca.pem")
        #expect(try PEMFile.read(path) == Array(text.utf8))
        let fifo = directory.file("fifo")
        try #require(mkfifo(fifo, 0o600) == 0)
        for none in [fifo, directory.file(""), "/dev/zero"] {
            #expect(Self.failure(of: none) == "\(none) is no regular file")
        }
        #expect(Self.failure(of: directory.file("missing")) == "No such file or directory")
        try #require(truncate(path, off_t(PEMFile.limit) + 1) == 0)
        #expect(Self.failure(of: path) == "\(path) is larger than 8000000 bytes")
    }

    @Test func `a file without what it is for is named`() throws {
        let relay = try TLSRelay("starttls")
        defer { relay.stop() }
        let directory = try TemporaryDirectory()
        let half = try directory.write("-----BEGIN CERTIFICATE-----\nMIIB", to: "half.pem")
        var settings = ConnectionSettings(
            host: "localhost", port: relay.port, tls: .required, caFile: half,
            connectTimeout: .seconds(5), commandTimeout: .seconds(5))
        let unknown = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
        #expect(
            unknown?.error.text == "the CA file can't be used: \(half) holds no certificate in PEM")
        settings.caFile = relay.caFile
        for (certificate, key) in [(half, relay.keyFile), (relay.caFile, half)] {
            settings.clientCertificate = ClientCertificate(
                certificateFile: certificate, keyFile: key)
            let unusable = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
            #expect(unusable?.error.text.contains(half) == true)
        }
    }

    /// Nobody ever writes into the FIFO: libcurl would wait for that in the middle of the handshake.
    @Test(arguments: ["CA", "certificate", "key"])
    func `a FIFO in place of a file is told at once, and holds no connection`(file: String) throws {
        let relay = try TLSRelay("starttls")
        defer { relay.stop() }
        let directory = try TemporaryDirectory()
        let fifo = directory.file("fifo")
        try #require(mkfifo(fifo, 0o600) == 0)
        var settings = ConnectionSettings(
            host: "localhost", port: relay.port, tls: .required, caFile: relay.caFile,
            connectTimeout: .seconds(5), commandTimeout: .seconds(5))
        switch file {
        case "CA": settings.caFile = fifo
        case "certificate":
            settings.clientCertificate = ClientCertificate(
                certificateFile: fifo, keyFile: relay.keyFile)
        default:
            settings.clientCertificate = ClientCertificate(
                certificateFile: relay.caFile, keyFile: fifo)
        }
        let trouble = #expect(throws: RelayTrouble.self) { try RelayConnection.open(settings) }
        #expect(trouble?.kind == .credentials && trouble?.error.stage == .tls)
        #expect(trouble?.error.text.hasSuffix("\(fifo) is no regular file") == true)
    }
}
