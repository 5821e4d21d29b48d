import Service
import TestSupport
import Testing

@testable import Console

/// What systemd is told now and then.
struct StatusReporterTests {
    /// The relay's going up and down is told at once, in words of its own; they must not stand for
    /// as long as the database says the same.
    @Test func `what others have told is replaced, even where nothing has changed`() throws {
        let outbox = try Outbox()
        let socket = try NotifySocket(in: outbox.directory)
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": socket.path])
        var reporter = StatusReporter(database: outbox.path, notifier: notifier, interval: .zero)
        let text = "STATUS=sending to relay.example:587; nothing waits"
        reporter.report(relayName: "relay.example:587")
        #expect(socket.next() == text)
        notifier.status("the relay works")
        #expect(socket.next() == "STATUS=the relay works")
        // After a look it rests: a hundred times as long as that took.
        let isSaidAgain = eventually(timeout: .seconds(30)) {
            reporter.report(relayName: "relay.example:587")
            return socket.next(within: 0) == text
        }
        #expect(isSaidAgain)
    }
}
