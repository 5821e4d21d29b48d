import Delivery
import Engine
@testable import Store
import Testing

@testable import Console

/// The table of ``StatusHeadline``, line by line: what is worse hides what is less bad.
struct StatusHeadlineTests {
    private static let now = WallTime(milliseconds: 1_795_855_330_000)

    private func report() -> StatusReport {
        var processes = LiveProcesses(onDatabase: "/nowhere/outbox.db")
        processes.count = 1
        return StatusReport(
            now: Self.now, database: "/outbox.db",
            numbers: OutboxView.Numbers(
                counts: [:], waiting: [:], oldestDueAt: nil, savedByRead: 0, savedByCombining: 0,
                mailsInLastMinute: 0, mailsInLastFiveMinutes: 0, mailsInLastHour: 0, heldMails: 0),
            relay: RelayStatus(state: .up), pauses: [], blockedSenders: [],
            faults: OutboxView.Faults(entries: []), processes: processes)
    }

    private func headline(_ change: (inout StatusReport) -> Void) -> String {
        var report = report()
        change(&report)
        return StatusHeadline(report: report).text
    }

    @Test func `all is well`() {
        #expect(headline { _ in } == "healthy")
        #expect(headline { $0.numbers.waiting = [.hold: 3, .deferred: 2] } == "healthy")
        #expect(headline { $0.numbers.waiting = [.queued: 3] } == "healthy")
    }

    @Test func `a restored database hides all else`() {
        let words = headline {
            $0.processes.count = 0
            $0.relay.state = .down
            $0.numbers.waiting = [.restored: 12]
            $0.restoration = OutboxView.Restoration(
                since: Self.now - .seconds(60), sign: .newer, lastSentAt: nil)
        }
        #expect(words.hasPrefix("the database was restored from an older state, noticed at "))
        #expect(words.hasSuffix("may have been sent; 12 rows would go out"))
    }

    @Test func `nobody runs`() {
        #expect(headline { $0.processes.count = 0 } == "no outboxd is running")
        #expect(
            headline {
                $0.processes.count = 0
                $0.numbers.waiting = [.queued: 1]
            } == "no outboxd is running; 1 row is due and nobody sends it")
        #expect(
            headline {
                $0.processes.count = 0
                $0.numbers.waiting = [.queued: 10, .relay: 2, .hold: 4]
                $0.relay.state = .down
            } == "no outboxd is running; 12 rows are due and nobody sends them")
    }

    @Test func `the relay does not answer`() {
        let error = DeliveryError(stage: .greeting, text: "mx:25 sent no greeting reply for 10 s")
        for state in [RelayState.up, .unknown] {
            let text = headline {
                $0.relay = RelayStatus(state: state, error: error)
                $0.numbers.sendingSince = Self.now - .seconds(11)
            }
            #expect(
                text == "the relay does not answer: greeting: mx:25 sent no greeting reply for 10 s"
            )
        }
        #expect(headline { $0.relay = RelayStatus(state: .down, error: error) }.contains("down"))
    }

    @Test func `everything is paused`() {
        let pause = OutboxView.Pause(
            helpdeskID: nil, author: .operator, since: Self.now - .seconds(60), who: "root",
            why: "relay migration")
        let text = headline {
            $0.pauses = [pause]
            $0.relay.state = .down
        }
        #expect(text.hasPrefix("paused by root since ") && text.hasSuffix(": relay migration"))
    }

    @Test func `the relay is down, and is tried next`() {
        let error = DeliveryError(stage: .connect, text: "connection refused")
        let text = headline {
            $0.relay = RelayStatus(
                state: .down, since: Self.now - .seconds(7_300), error: error,
                nextProbeAt: Self.now + .seconds(24))
        }
        #expect(text.hasPrefix("the relay is down since "))
        #expect(text.hasSuffix("(2 h): connect: connection refused; tried next in 24 s"))
        let overdue = headline {
            $0.relay = RelayStatus(state: .down, nextProbeAt: Self.now - .seconds(1))
        }
        #expect(overdue == "the relay is down; tried next with the next mail")
    }

    @Test func `the relay is silent`() {
        let error = DeliveryError(stage: .greeting, text: "no greeting reply for 10 s")
        func text(claimed: Int64, accepted: Int64?, _ error: DeliveryError? = nil) -> String {
            headline {
                $0.relay.error = error
                $0.numbers.sendingSince = Self.now - .seconds(claimed)
                $0.numbers.lastSentAt = accepted.map { Self.now - .seconds($0) }
            }
        }
        #expect(
            text(claimed: 46, accepted: nil)
                == "the relay has accepted none of the mails under way for 46 s")
        #expect(text(claimed: 29, accepted: nil) == "healthy")
        #expect(text(claimed: 46, accepted: 10) == "healthy")
        #expect(text(claimed: 90, accepted: 40).hasSuffix("for 40 s"))
        // What it is silent about is known sooner, and says more.
        let unanswered = "the relay does not answer: greeting: no greeting reply for 10 s"
        #expect(text(claimed: 12, accepted: nil, error) == unanswered)
        // Whoever was told so has died.
        #expect(headline { $0.relay.error = error } == "healthy")
        #expect(
            text(claimed: 46, accepted: nil, error)
                == unanswered + "; none was accepted for 46 s")
    }

    @Test func `what a dead process has left is due, too`() {
        let text = headline {
            $0.processes.count = 0
            $0.numbers.counts = [.sending: 5]
        }
        #expect(text == "no outboxd is running; 5 rows are due and nobody sends them")
    }

    @Test func `mail is due and does not move`() {
        func text(due: Int64, sent: Int) -> String {
            headline {
                $0.numbers.waiting = [.queued: 2]
                $0.numbers.oldestDueAt = Self.now - .seconds(due)
                $0.numbers.mailsInLastFiveMinutes = sent
            }
        }
        #expect(text(due: 301, sent: 0).hasSuffix("and none was sent for 5 min"))
        #expect(text(due: 301, sent: 1) == "healthy" && text(due: 299, sent: 0) == "healthy")
    }

    @Test func `what concerns some only comes last`() {
        let sender = OutboxView.BlockedSender(
            address: "support@acme.test", since: Self.now, probeAt: nil, error: nil)
        let ofHelpdesk = OutboxView.Pause(helpdeskID: "acme", author: .api, since: nil)
        #expect(
            headline {
                $0.faults.entries = [.init(subject: "mail", count: 3, text: "no such table")]
                $0.blockedSenders = [sender]
            } == "an SQL statement fails for 3 mails; `outboxd check` names the table")
        #expect(
            headline {
                $0.blockedSenders = [sender, sender]
                $0.numbers.heldMails = 2
            } == "the relay refuses mail from support@acme.test and 1 other sender")
        #expect(
            headline {
                $0.numbers.heldMails = 2
                $0.pauses = [ofHelpdesk]
            }.hasPrefix("2 mails may have arrived or not"))
        #expect(
            headline { $0.pauses = [ofHelpdesk] }
                == "helpdesk acme is paused by the API server (helpdesks.paused)")
    }

    @Test func `how long the backlog takes`() {
        var report = report()
        report.numbers.waiting = [.queued: 600, .hold: 9]
        #expect(report.backlog == nil)
        report.numbers.mailsInLastFiveMinutes = 300
        #expect(report.backlog == .seconds(600))
        report.relay.state = .down
        #expect(report.backlog == nil)
    }

    @Test func `mail without a sender does not count as healthy`() {
        #expect(
            headline { $0.numbers.waiting = [.sender: 2] }.hasPrefix(
                "2 rows are due and have no sender that can be used"))
        #expect(
            headline {
                $0.numbers.waiting = [.sender: 1]
                $0.numbers.heldMails = 3
            }.hasPrefix("1 row is due and has no sender"))
    }

    @Test func `an estimate says so`() {
        let text = headline {
            $0.processes.count = 0
            $0.numbers.waiting = [.queued: 70_000]
            $0.numbers.isEstimate = true
        }
        #expect(text == "no outboxd is running; about 70000 rows are due and nobody sends them")
    }
}
