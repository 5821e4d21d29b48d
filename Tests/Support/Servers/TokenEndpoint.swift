import Foundation
import Synchronization

/// An authorization server on loopback that answers as a script says, in clear.
package final class TokenEndpoint: Sendable {
    package enum Answer: Sendable {
        /// The whole answer, as it stands.
        case raw(String)
        /// Reads the request, and says nothing until the client has gone.
        case silence
        /// An answer that never gets done: an octet now and then.
        case drip
        /// Octets without end.
        case flood
        case close

        package static func json(_ body: String, status: String = "200 OK") -> Answer {
            text(body, status: status, type: "application/json")
        }

        package static func text(
            _ body: String, status: String = "200 OK", type: String, more: String = ""
        ) -> Answer {
            .raw(
                "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
                    + "\(more)Connection: close\r\n\r\n\(body)")
        }

        package static func token(_ token: String, lifetime: Int = 3_600) -> Answer {
            json(#"{"access_token":"\#(token)","token_type":"Bearer","expires_in":\#(lifetime)}"#)
        }
    }

    package let port: Int
    private let listener: Int32
    private let answers: @Sendable (Int, String) -> Answer
    private let seen = Mutex<[String]>([])

    /// - Parameter answers: to the first request, 1, and those that follow.
    package convenience init(_ answers: @escaping @Sendable (Int) -> Answer) throws {
        try self.init { number, _ in answers(number) }
    }

    /// - Parameter answers: to each request by its number, from 1 on, and its text.
    package init(_ answers: @escaping @Sendable (Int, String) -> Answer) throws {
        self.answers = answers
        listener = try Loopback.ipv4.makeSocket()
        try Loopback.ipv4.bind(listener, port: 0)
        port = Int(try Loopback.ipv4.port(of: listener))
        listen(listener, 16)
        Thread { [self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else {
                    // Here and nowhere else: its number may be another socket's at once.
                    close(listener)
                    return
                }
                Thread { [self] in serve(client) }.start()
            }
        }.start()
    }

    package convenience init(_ answer: Answer) throws {
        try self.init { _, _ in answer }
    }

    package var url: String { "http://127.0.0.1:\(port)/token" }

    /// Head and body of each.
    package var requests: [String] { seen.withLock { $0 } }

    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func serve(_ client: Int32) {
        defer { close(client) }
        let request = read(client)
        let number = seen.withLock { seen in
            seen.append(request)
            return seen.count
        }
        switch answers(number, request) {
        case .raw(let text): _ = say(Array(text.utf8), client)
        case .silence:
            var byte: UInt8 = 0
            while recv(client, &byte, 1, 0) > 0 {}
        case .drip:
            _ = say(Array("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n".utf8), client)
            while say([0x20], client) { usleep(20_000) }
        case .flood:
            _ = say(Array("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n".utf8), client)
            while say([UInt8](repeating: 0x20, count: 16_384), client) {}
        case .close: break
        }
    }

    private func say(_ bytes: [UInt8], _ client: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Up to the end of the body that Content-Length tells.
    private func read(_ client: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let head = text.firstRange(of: "\r\n\r\n") {
                let length =
                    text[..<head.lowerBound].lowercased()
                    .split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                    .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
                if text[head.upperBound...].utf8.count >= length { return text }
            }
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return text }
            bytes += buffer[..<count]
        }
    }
}
