import Foundation
import TestSupport

/// An answer of the daemon's HTTP server.
struct Scrape {
    let status: Int
    let head: String
    let content: String

    /// - Parameter host: As it stands before the port in a request.
    init(_ path: String, port: UInt16, method: String = "GET") throws {
        let connection = try RawConnection(port: port)
        try connection.send(
            "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n")
        let text = try connection.readToEnd().rest
        guard let end = text.firstRange(of: "\r\n\r\n"), text.hasPrefix("HTTP/1.1 "),
            let status = Int(text.dropFirst(9).prefix(3))
        else { throw Unexpected("no HTTP answer: \(text)") }
        self.status = status
        head = String(text[..<end.lowerBound])
        content = String(text[end.upperBound...])
    }

    /// Of a sample, such as `outboxd_relay_up`; nil if it is not there.
    func value(_ sample: String) -> Double? {
        content.components(separatedBy: "\n").first { $0.hasPrefix(sample + " ") }
            .flatMap { Double($0.dropFirst(sample.count + 1)) }
    }

    /// Scrapes until it holds.
    static func wait(
        port: UInt16, timeout: Duration = .seconds(20), until holds: (Scrape) -> Bool
    ) throws -> Scrape {
        var last = try Scrape("/metrics", port: port)
        _ = try eventually(timeout: timeout) {
            last = try Scrape("/metrics", port: port)
            return holds(last)
        }
        return last
    }
}

extension Outboxd {
    /// One whose daemons serve metrics.
    static func metered(
        _ port: ReservedPort, _ settings: [String: String] = [:], relay: ScriptedRelay? = nil,
        migrated: Bool = true, directory: TemporaryDirectory? = nil
    ) throws -> Outboxd {
        let listen = ["OUTBOXD_METRICS_LISTEN": "127.0.0.1:\(port.number)"]
        return try Outboxd(
            listen.merging(settings) { $1 }, relay: relay, migrated: migrated, directory: directory)
    }
}
