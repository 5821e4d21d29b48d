import Glibc
import Service
import TestSupport

/// The socket at which systemd hears of a service.
final class NotifySocket {
    private let descriptor: Int32
    let path: String

    init(in directory: TemporaryDirectory) throws {
        path = directory.file("notify")
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else { throw Unexpected("bind: \(errno)") }
    }

    /// The next message that is no sign of life; empty after ten seconds without one.
    func next() -> String {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while true {
            guard Waiting.poll([descriptor], timeout: .seconds(10)) == [true] else { return "" }
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            if text != "WATCHDOG=1" { return text }
        }
    }

    deinit { close(descriptor) }
}
