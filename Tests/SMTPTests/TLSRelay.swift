import Foundation
import Glibc

/// A relay that speaks TLS: Python's ssl module, with certificates made by openssl.
///
/// It takes any mail and any password, and after the final dot it says which TLS version it was.
final class TLSRelay {
    /// `starttls`, `implicit`, or `broken`: STARTTLS, then words that are no TLS, once.
    let port: Int
    let caFile: String
    private let folder: URL
    private let process = Process()

    static var isAvailable: Bool {
        (try? run("python3", ["-c", "import ssl"])) == 0 && (try? run("openssl", ["version"])) == 0
    }

    init(_ mode: String, name: String = "localhost") throws {
        folder = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent(
            "outboxd-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        caFile = folder.appendingPathComponent("cert.pem").path
        let key = folder.appendingPathComponent("key.pem").path
        _ = try Self.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-addext",
                "subjectAltName=DNS:\(name)", "-keyout", key, "-out", caFile,
            ])
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.script, mode, caFile, key]
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw POSIXError(.ECONNREFUSED)
        }
        self.port = port
    }

    func stop() {
        // A thread of the pool blocks SIGTERM, and what it starts inherits that.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func run(_ command: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [command] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    private static let script = """
        import socket, ssl, sys, threading
        mode, cert, key = sys.argv[1:]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)

        def serve(plain):
            try:
                connection = plain
                if mode == "implicit":
                    connection = context.wrap_socket(plain, server_side=True)
                lines = connection.makefile("rb")
                def say(text): connection.sendall(text.encode() + b"\\r\\n")
                say("220 tls.test ESMTP")
                while True:
                    line = lines.readline().decode("latin-1").strip()
                    verb = line.upper()[:4]
                    isTLS = isinstance(connection, ssl.SSLSocket)
                    if verb == "EHLO":
                        say("250-tls.test\\r\\n250-PIPELINING\\r\\n" + ("250 AUTH PLAIN" if isTLS else "250 STARTTLS"))
                    elif verb == "STAR":
                        say("220 go")
                        if mode == "broken":
                            say("this is no TLS"); plain.shutdown(socket.SHUT_WR); plain.recv(4096); break
                        connection = context.wrap_socket(plain, server_side=True)
                        lines = connection.makefile("rb")
                    elif verb == "AUTH": say("235 in")
                    elif verb == "DATA":
                        say("354 go")
                        while lines.readline() not in (b".\\r\\n", b""): pass
                        say("250 queued over " + (connection.version() if isTLS else "nothing"))
                    elif verb == "": break
                    else: say("250 ok")
            except OSError: pass
            finally: plain.close()

        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
        """
}
