import Glibc

/// A client's connection to a loopback port, for tests that say every byte themselves.
package final class RawConnection: @unchecked Sendable {
    private var descriptor: Int32
    private var received: [UInt8] = []

    /// How a wait for the server ended.
    package enum End: Equatable, Sendable { case closed, reset }

    /// Connects.
    ///
    /// Reads give up after `timeout` of silence.
    package init(
        port: UInt16, family: Loopback = .ipv4, timeout: Duration = .seconds(10)
    ) throws {
        descriptor = try family.makeSocket()
        var limit = timeval(
            tv_sec: Int(timeout.components.seconds),
            tv_usec: Int(timeout.components.attoseconds / 1_000_000_000_000))
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        do {
            try family.connect(descriptor, port: port)
        } catch {
            close()
            throw error
        }
    }

    deinit { close() }

    package func close() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }

    /// Sends the text as it stands; line ends are the caller's.
    package func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    package func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            sent += try check(count, "send")
        }
    }

    /// The next line without its CRLF; throws at the end of the connection and after the timeout.
    package func readLine() throws -> String {
        while true {
            if let end = received.firstIndex(of: 10) {
                var line = received[..<end]
                if line.last == 13 { line.removeLast() }
                defer { received.removeSubrange(...end) }
                return String(decoding: line, as: UTF8.self)
            }
            guard try fill() else { throw SystemCallError("recv: closed", number: ENOTCONN) }
        }
    }

    /// A whole reply (RFC 5321, section 4.2): its lines joined by "\n".
    package func readReply() throws -> String {
        var lines = [try readLine()]
        while lines[lines.count - 1].dropFirst(3).first == "-" { lines.append(try readLine()) }
        return lines.joined(separator: "\n")
    }

    /// Sends a line and returns the reply to it.
    package func ask(_ line: String) throws -> String {
        try send(line + "\r\n")
        return try readReply()
    }

    /// Reads until the server ends the connection.
    ///
    /// - Returns: how it ended, and what came before the end and had not been read.
    package func readToEnd() throws -> (end: End, rest: String) {
        do {
            while try fill() {}
        } catch let error as SystemCallError where error.number == ECONNRESET {
            return (.reset, String(decoding: received, as: UTF8.self))
        }
        return (.closed, String(decoding: received, as: UTF8.self))
    }

    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        let count = try check(recv(descriptor, &chunk, chunk.count, 0), "recv")
        received += chunk[..<count]
        return count > 0
    }
}
