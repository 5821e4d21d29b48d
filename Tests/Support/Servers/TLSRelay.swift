internal import Foundation

/// A relay that speaks TLS: Python's ssl module, with certificates made by openssl.
///
/// It takes any mail and any password, and after the final dot it says which TLS version it was.
package final class TLSRelay: Sendable {
    /// `starttls`, `implicit`, `broken`: STARTTLS, then words that are no TLS, once; or `tunnel:PORT`:
    /// TLS from the start, and what another relay says behind it.
    package let port: Int
    package let caFile: String
    /// The key of the certificate, which stands in ``caFile``.
    package let keyFile: String
    private let directory: TemporaryDirectory
    private let child: ChildProcess

    /// - Parameter days: How long the certificate is good from now on; -1: it ended yesterday.
    /// - Parameter asksForCertificate: Nobody gets in without one, of those in ``caFile``.
    package init(
        _ mode: String, name: String = "localhost", days: Int = 2, asksForCertificate: Bool = false
    ) throws {
        directory = try TemporaryDirectory()
        let certificate = try SelfSignedCertificate(in: directory, name: name, days: days)
        (caFile, keyFile) = (certificate.certificate, certificate.key)
        let python = try Executable.find("python3", package: "python3")
        child = try ChildProcess(
            python, ["-c", Self.script, mode, caFile, keyFile, asksForCertificate ? "asks" : ""],
            environment: ChildProcess.inheritedEnvironment)
        guard child.waitForOutput("\n", in: .output),
            let port = Int(child.output.trimmingCharacters(in: .whitespacesAndNewlines))
        else { throw POSIXError(.ECONNREFUSED) }
        self.port = port
    }

    package func stop() {
        child.kill()
        _ = child.waitForExit()
    }

    private static let script = """
        import socket, ssl, sys, threading
        mode, cert, key, asks = sys.argv[1:]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        if asks:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cert)
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)

        def pass_on(source, target):
            try:
                while data := source.recv(65536): target.sendall(data)
            except OSError: pass
            for end in (source, target):
                try: end.shutdown(socket.SHUT_RDWR)
                except OSError: pass

        def tunnel(plain):
            try:
                connection = context.wrap_socket(plain, server_side=True)
                relay = socket.create_connection(("127.0.0.1", int(mode[7:])))
            except OSError: return plain.close()
            threading.Thread(target=pass_on, args=(relay, connection), daemon=True).start()
            pass_on(connection, relay)

        def serve(plain):
            if mode.startswith("tunnel:"): return tunnel(plain)
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
