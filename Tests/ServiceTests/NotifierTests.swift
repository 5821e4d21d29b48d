import CLinux
import Glibc
import Testing

@testable import Service

/// A datagram socket such as systemd's, at a path or in the abstract namespace.
private final class NotifySocket {
    let descriptor: Int32
    let name: String
    private let file: TemporaryFile?

    init(isAbstract: Bool) throws {
        let file = try TemporaryFile("")
        self.file = isAbstract ? nil : file
        name = isAbstract ? "@" + file.path : file.path
        unlink(file.path)
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            bytes.copyBytes(from: Array(name.utf8))
            if isAbstract { bytes[0] = 0 }
        }
        let length = socklen_t(2 + name.utf8.count + (isAbstract ? 0 : 1))
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        try #require(code == 0)
    }

    /// The next message; empty where there is none.
    func message() -> String {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    deinit { close(descriptor) }
}

@Suite struct NotifierTests {
    @Test(arguments: [false, true]) func `messages reach the socket`(isAbstract: Bool) throws {
        let socket = try NotifySocket(isAbstract: isAbstract)
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": socket.name])
        #expect(notifier.isActive)
        notifier.ready()
        #expect(socket.message() == "READY=1")
        notifier.ready(status: "relay up")
        #expect(socket.message() == "READY=1\nSTATUS=relay up")
        notifier.status("3 waiting\nMAINPID=1\r\n\u{1B}x")
        #expect(socket.message() == "STATUS=3 waiting MAINPID=1   x")
        notifier.watchdog()
        #expect(socket.message() == "WATCHDOG=1")
        notifier.stopping(status: "stopping")
        #expect(socket.message() == "STOPPING=1\nSTATUS=stopping")
        notifier.stopping(within: .seconds(65))
        #expect(socket.message() == "STOPPING=1\nEXTEND_TIMEOUT_USEC=65000000")
        let before = SystemClock.read(CLOCK_MONOTONIC) / 1_000
        notifier.reloading()
        let parts = socket.message().split(separator: "=")
        #expect(parts.prefix(2) == ["RELOADING", "1\nMONOTONIC_USEC"])
        let time = try #require(parts.last.flatMap { Int64($0) })
        #expect((before...before + 60_000_000).contains(time))
    }

    @Test func `a long status is cut`() throws {
        let socket = try NotifySocket(isAbstract: true)
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": socket.name])
        notifier.status(String(repeating: "ü", count: 10_000))
        let text = socket.message()
        #expect(text.utf8.count < 600)
        #expect(text.hasSuffix("ü…"))
    }

    @Test(arguments: [
        "", "/", "@", "vsock:2:1", "relative", "/" + String(repeating: "x", count: 107), "/a\u{0}b",
    ]) func `without a usable socket nothing happens`(name: String) {
        let notifier = ServiceNotifier(environment: [
            "NOTIFY_SOCKET": name, "WATCHDOG_USEC": "1000",
        ])
        #expect(!notifier.isActive)
        #expect(notifier.watchdogInterval == nil)
        notifier.ready(status: "x")
    }

    @Test func `outside of systemd nothing happens`() {
        let notifier = ServiceNotifier(environment: [:])
        #expect(!notifier.isActive)
        notifier.watchdog()
    }

    @Test func `a socket that nobody reads any more is no trouble`() throws {
        let name: String
        do { name = try NotifySocket(isAbstract: true).name }
        ServiceNotifier(environment: ["NOTIFY_SOCKET": name]).ready()
    }

    @Test(
        arguments: [
            (["WATCHDOG_USEC": "60000000"], Duration.seconds(30)),
            (["WATCHDOG_USEC": "3"], .nanoseconds(1_500)),
            (["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "\(getpid())"], .seconds(1)),
            (["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "1"], nil), (["WATCHDOG_USEC": "0"], nil),
            (["WATCHDOG_USEC": "-1"], nil), (["WATCHDOG_USEC": "x"], nil), ([:], nil),
            (["WATCHDOG_USEC": "99999999999999999999"], nil),
        ] as [([String: String], Duration?)])
    func `the watchdog is fed at half its time`(environment: [String: String], wanted: Duration?) {
        let all = environment.merging(["NOTIFY_SOCKET": "/run/x"]) { $1 }
        #expect(ServiceNotifier(environment: all).watchdogInterval == wanted)
    }
}
