import Delivery
@testable import Store
import Testing

@testable import Console

/// The line that `systemctl status` shows.
struct ServiceStatusTests {
    private static let now = WallTime(milliseconds: 1_795_000_000_000)

    private static func text(
        _ relay: RelayStatus, waiting: [WaitReason: Int] = [:], oldestDueAt: WallTime? = nil,
        pauses: [OutboxView.Pause] = []
    ) -> String {
        ServiceStatus(
            relayName: "relay.example:587", relay: relay,
            numbers: .init(
                counts: [:], waiting: waiting, oldestDueAt: oldestDueAt, savedByRead: 0,
                savedByCombining: 0, mailsInLastMinute: 0, mailsInLastFiveMinutes: 0,
                mailsInLastHour: 0, heldMails: 0),
            pauses: pauses, now: now
        ).text
    }

    @Test func `relay, backlog and pauses stand in it`() {
        #expect(Self.text(.init(state: .up)) == "relay.example:587 works; nothing waits")
        #expect(Self.text(.init(state: .unknown)) == "sending to relay.example:587; nothing waits")
        let error = DeliveryError(stage: .connect, text: "Connection refused")
        let down = RelayStatus(
            state: .down, since: Self.now - .seconds(7_200), error: error,
            nextProbeAt: Self.now + .seconds(24))
        let text = Self.text(
            down, waiting: [.relay: 3, .hold: 1], oldestDueAt: Self.now - .seconds(60),
            pauses: [.init(helpdeskID: nil, author: .operator)])
        #expect(text.hasPrefix("relay.example:587 is down since "), "\(text)")
        #expect(
            text.contains("(2 h): connect: Connection refused; tried next in 24 s; "), "\(text)")
        #expect(text.contains("; 4 rows wait, due since "), "\(text)")
        #expect(text.hasSuffix("; paused: everything"), "\(text)")
    }

    @Test func `many pauses are counted, and a row that is not due is no delay`() {
        let pauses = (1...5).map { OutboxView.Pause(helpdeskID: "h\($0)", author: .api) }
        #expect(
            Self.text(.init(state: .up), waiting: [.hold: 1], pauses: pauses)
                == "relay.example:587 works; 1 row waits; "
                + "paused: helpdesk h1, helpdesk h2, helpdesk h3 and 2 more")
    }
}
