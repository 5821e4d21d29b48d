import Foundation
import Glibc

/// Postfix's smtp-sink on a port of its own.
final class SmtpSink {
    let port: Int
    private let process = Process()

    init(_ options: [String]) throws {
        port = FreePort.find()
        process.executableURL = URL(fileURLWithPath: "/usr/sbin/smtp-sink")
        let user = getuid() == 0 ? ["-u", "nobody"] : []
        process.arguments = options + user + ["127.0.0.1:\(port)", "16"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        guard FreePort.waitUntilOpen(port) else { throw POSIXError(.ETIMEDOUT) }
    }

    func stop() {
        // A thread of the pool blocks SIGTERM, and what it starts inherits that.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

/// Ports of loopback for servers that can't say which one they took.
enum FreePort {
    static func find() -> Int {
        let listener = FullListener()
        defer { listener.close() }
        return listener.port
    }

    /// Tries to connect until somebody listens; false after ten seconds.
    static func waitUntilOpen(_ port: Int) -> Bool {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            if connects(to: port) { return true }
            var nobody = pollfd()
            poll(&nobody, 0, 5)
        }
        return false
    }

    private static func connects(to port: Int) -> Bool {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
