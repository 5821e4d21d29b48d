import Glibc

/// The socket at which systemd hears of a service.
package final class NotifySocket {
    private let descriptor: Int32
    package let path: String

    package init(in directory: TemporaryDirectory) throws {
        path = directory.file("notify")
        descriptor = try check(socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0), "socket")
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try check(code, "bind \(path)")
    }

    /// The next message that is no sign of life; empty where none comes within so many milliseconds.
    package func next(within timeout: Int32 = 10_000) -> String {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while true {
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&wanted, 1, timeout) == 1 else { return "" }
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            if text != "WATCHDOG=1" { return text }
        }
    }

    deinit { close(descriptor) }
}
