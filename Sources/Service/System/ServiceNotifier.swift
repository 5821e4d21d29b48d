import Delivery
import Glibc
import CLinux
import Synchronization

/// Tells systemd how the service is (sd_notify(3), without libsystemd).
///
/// Outside of systemd it does nothing.
package final class ServiceNotifier: Sendable {
    /// How often to call ``watchdog()``: half the time after which systemd takes the service for
    /// hung, as sd_watchdog_enabled(3) advises.
    ///
    /// nil if nobody watches.
    package let watchdogInterval: Duration?
    private let address: sockaddr_un?
    private let addressLength: socklen_t
    private let descriptor: Int32

    /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
    package init(environment: [String: String]) {
        let parsed = environment["NOTIFY_SOCKET"].flatMap(SocketAddress.unix)
        let socket = parsed == nil ? -1 : Self.datagramSocket()
        descriptor = socket
        address = socket < 0 ? nil : parsed?.0
        addressLength = parsed?.1 ?? 0
        watchdogInterval = socket < 0 ? nil : Self.watchdogInterval(environment)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Somebody listens.
    package var isActive: Bool { address != nil }

    /// Start-up is over.
    package func ready(status: String? = nil) { send("READY=1", status: status) }

    /// What `systemctl status` shows; one line.
    package func status(_ text: String) { send(nil, status: text) }

    /// The service is going to end.
    ///
    /// - Parameter time: It may take so long, whatever the unit's TimeoutStopSec= says.
    package func stopping(within time: Duration? = nil, status: String? = nil) {
        let microseconds = time.map { "\nEXTEND_TIMEOUT_USEC=\($0.inMilliseconds * 1_000)" }
        send("STOPPING=1" + (microseconds ?? ""), status: status)
    }

    /// Settings are being read anew; ``ready(status:)`` ends it.
    ///
    /// Type=notify-reload wants the time.
    package func reloading() {
        let microseconds = SystemClock.read(CLOCK_MONOTONIC) / 1_000
        send("RELOADING=1\nMONOTONIC_USEC=\(microseconds)", status: nil)
    }

    /// The service is alive.
    package func watchdog() { send("WATCHDOG=1", status: nil) }

    private func send(_ state: String?, status: String?) {
        guard var address else { return }
        let line = status.map { "STATUS=" + Escaping.printable(Self.oneLine($0), limit: 512) }
        let message = Array([state, line].compactMap(\.self).joined(separator: "\n").utf8)
        // A lost message has no remedy here: systemd's own timeouts act on it.
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { base in
                SystemError.retrying {
                    sendto(
                        descriptor, message, message.count, Int32(MSG_NOSIGNAL), base,
                        addressLength)
                }
            }
        }
    }

    /// A line break in a status would begin another assignment.
    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    }

    private static func datagramSocket() -> Int32 {
        socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    }

    private static func watchdogInterval(_ environment: [String: String]) -> Duration? {
        guard let text = environment["WATCHDOG_USEC"],
            let microseconds = PlainNumber.parse(text, in: 1...(Int.max / 2))
        else { return nil }
        // The variables are inherited: meant is the process that systemd started.
        if let pid = environment["WATCHDOG_PID"], pid != String(getpid()) { return nil }
        return .microseconds(microseconds) / 2
    }
}
