import Delivery
import Foundation
import Service
import Store
import TestSupport
import Testing

@testable import Console
@testable import Engine

/// What the engine tells, as lines: each event under its name, and a mail with all that leads from a row to the
/// relay's log and back.
struct EngineLogTests {
    /// The objects that these events become.
    private static func objects(_ events: [EngineEvent]) throws -> [[String: Any]] {
        let directory = try TemporaryDirectory()
        let path = directory.file("log")
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
        let log = EngineLog(log: Log(level: .debug, format: .json, descriptor: descriptor))
        for event in events { log.note(event) }
        close(descriptor)
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            try #require(
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    private static let error = DeliveryError(
        stage: .rcpt, code: 450, enhanced: EnhancedStatusCode(4, 2, 0), text: "later\n\"")

    private static func attempt(
        _ outcome: FinishedMail.Outcome, _ reply: SMTPReply? = nil
    ) -> EngineEvent.Attempt {
        EngineEvent.Attempt(
            mailID: 7, rows: [42, 43], helpdeskID: "h1", recipient: "ann@example.test",
            outcome: outcome, error: reply == nil ? error : nil, reply: reply,
            relay: "mx.test[192.0.2.1]:25", delays: Delays(), emailMessageID: "<7@acme.test>")
    }

    @Test func `each event has its name`() throws {
        let at = WallTime(milliseconds: 1)
        let events: [(EngineEvent, String)] = [
            (.ingested(rows: 1), "rows_ingested"),
            (.failedRow(id: 1, reason: .invalidRow, text: "x"), "row_failed"),
            (.attempted([Self.attempt(.deferred(dueAt: at, expired: []))]), "mail_deferred"),
            (.attempted([Self.attempt(.failed(.rejected))]), "mail_failed"),
            (.attempted([Self.attempt(.returned(dueAt: nil, takenOver: false))]), "mail_returned"),
            (.leaseLost(mailID: 1, rows: [1], wasSent: false), "lease_lost"),
            (.leaseLost(mailID: 1, rows: [1], wasSent: true), "lease_lost_after_sending"),
            (.relay(RelayStatus(state: .up)), "relay_up"),
            (.relay(RelayStatus(state: .down, error: Self.error)), "relay_down"),
            (.relaySilent(Self.error), "relay_silent"),
            (.connectionsLimited(to: 2, error: Self.error), "connections_limited"),
            (.senderBlocked("a@b.test"), "sender_blocked"),
            (.senderUnblocked("a@b.test"), "sender_unblocked"),
            (.reopened(rows: 1, sender: "a@b.test"), "rows_wait_for_sender"),
            (.reopenedForRelay(rows: 1), "rows_wait_for_relay"),
            (.tookOver(mails: 1, isDead: true), "took_over_dead"),
            (.tookOver(mails: 1, isDead: false), "took_over_frozen"),
            (.notTakenOver(mailID: 1, error: "x"), "not_taken_over"),
            (.clockWasSet(by: .seconds(1)), "clock_set"),
            (.idsBeganAnew(newest: 1), "ids_began_anew"),
            (.idsUsedAgain(rows: [1]), "ids_used_again"),
            (.storeTrouble("x"), "database_down"), (.storeRecovered, "database_up"),
            (.unrecorded(mailID: 1, rows: [1], text: "x"), "mail_unrecorded"),
            (.moreFaults(count: 1, text: "x"), "more_faults"),
            (.unwatched("x"), "commits_unwatched"),
            (.waitingForLock(.seconds(5), nil), "database_locked"),
            (.pruned(rows: 1), "rows_pruned"), (.rowKept(id: 1, text: "x"), "row_kept"),
        ]
        let objects = try Self.objects(events.map(\.0))
        #expect(objects.map { $0["event"] as? String } == events.map(\.1))
    }

    /// Two digits behind the point at most, and none that says nothing.
    @Test(arguments: [
        (-5, "0"), (0, "0"), (4, "0"), (5, "0.01"), (94, "0.09"), (95, "0.1"), (104, "0.1"),
        (999, "1"), (1_000, "1"), (1_250, "1.25"), (10_500, "10.5"), (99_994, "99.99"),
        (99_996, "100"), (100_999, "100"), (3_600_500, "3600"),
    ])
    func `seconds are written as Postfix writes them`(_ milliseconds: Int64, _ text: String) {
        #expect(EngineLog.seconds(.milliseconds(milliseconds)) == text)
    }

    @Test func `a mail that was sent names its rows, its helpdesk and the relay's queue id`() throws
    {
        let replies = [
            SMTPReply(
                code: 250, enhanced: EnhancedStatusCode(2, 0, 0), text: "2.0.0 Ok: queued as 4F2A1"),
            SMTPReply(
                code: 250, enhanced: EnhancedStatusCode(2, 0, 0),
                text: "2.0.0 4B8F Message accepted for delivery"),
            SMTPReply(code: 250, text: "fine"),
        ]
        let objects = try Self.objects([
            .attempted(replies.map { Self.attempt(.sent, $0) })
        ])
        #expect(objects.map { $0["queue_id"] as? String } == ["4F2A1", "4B8F", nil])
        let first = objects[0]
        #expect(first["rows"] as? [Int] == [42, 43])
        #expect(first["mail"] as? Int == 7)
        #expect(first["helpdesk"] as? String == "h1")
        #expect(first["message_id"] as? String == "<7@acme.test>")
    }
}
