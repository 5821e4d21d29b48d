import Delivery
@testable import Engine
import Glibc
import SQLite
import Store
import TestSupport
import Testing

/// When the sending thread checks, and what a check that fails costs others.
struct PreSendCheckTests {
    private static let slow: Duration = .milliseconds(60)

    private static func isAccepted(_ result: SendResult) -> Bool {
        if case .verdict(.accepted) = result.end { true } else { false }
    }

    @Test func `a fast relay costs one check a mail`() throws {
        let bed = try SendingBed()
        defer { bed.end() }
        bed.send(1)
        // The first mail pays for the connection, before its check.
        #expect(bed.results(1).allSatisfy(Self.isAccepted))
        let before = bed.checks.count
        bed.send(50)
        let results = bed.results(50)
        #expect(results.count == 50 && results.allSatisfy(Self.isAccepted))
        // A machine under load may keep a dialogue for more than 20 ms.
        #expect((50...55).contains(bed.checks.count - before))
    }

    /// Others may have read our notes, and take the mail over just now.
    @Test func `without a lease no mail is begun`() throws {
        let bed = try SendingBed(hasLease: false)
        defer { bed.end() }
        bed.send(2)
        let results = bed.results(2)
        #expect(results.count == 2)
        for result in results {
            guard case .unused = result.end else {
                Issue.record("\(result.end)")
                continue
            }
        }
        #expect(bed.relay.mails.isEmpty && bed.checks.count == 0)
        bed.handOff.leaseStands(until: SteadyTime(nanoseconds: .max))
        bed.send(1)
        #expect(bed.results(1).allSatisfy(Self.isAccepted))
    }

    @Test(arguments: [RelayEvent.Verb.mail, .rcpt, .data])
    func `a slow relay costs a second check, before the content`(verb: RelayEvent.Verb) throws {
        let bed = try SendingBed(rules: [.on(verb, .delay(Self.slow))])
        defer { bed.end() }
        bed.send(1)
        #expect(bed.results(1).allSatisfy(Self.isAccepted))
        #expect(bed.checks.count == 2)
    }

    @Test(arguments: [PreSendResult.changed, .paused, .suppressed, .lost])
    func `what stands against it then keeps the content back`(result: PreSendResult) throws {
        let bed = try SendingBed(rules: [.first(1, .data, .delay(Self.slow))]) {
            $0 == 2 ? result : .go
        }
        defer { bed.end() }
        bed.send(1)
        let end = try #require(bed.results(1).first).end
        switch (end, result) {
        case (.changed, .changed), (.paused, .paused), (.suppressed, .suppressed), (.lost, .lost):
            break
        default: Issue.record("\(end)")
        }
        #expect(bed.relay.waitUntilAllClosed())
        #expect(bed.relay.record.mailCount == 0)
        #expect(bed.relay.record.transfers.isEmpty)
        // The next one goes over a connection of its own.
        bed.send(1)
        #expect(bed.results(1).allSatisfy(Self.isAccepted))
    }

    /// 16 MB take longer than 20 ms on their way through a relay that looks at every line.
    @Test func `a large mail on a slow relay is checked again before its dot`() throws {
        let line = String(repeating: "x", count: 76) + "\r\n"
        let text = "Subject: hi\r\n\r\n" + String(repeating: line, count: 200_000)
        let bed = try SendingBed(rules: [.on(.data, .delay(Self.slow))]) {
            // Before MAIL, before the content, before the dot.
            $0 == 3 ? .changed : .go
        }
        defer { bed.end() }
        bed.send(1, text: text)
        let end = try #require(bed.results(1).first).end
        if case .changed = end {} else { Issue.record("\(end)") }
        #expect(bed.relay.waitUntilAllClosed())
        #expect(bed.relay.record.mailCount == 0)
    }

    @Test func `a check that fails for its mail costs nobody else`() throws {
        let error = SQLiteError(code: 1, message: "integer overflow", operation: "SELECT")
        let bed = try SendingBed { number in
            if number == 1 { throw error }
            return .go
        }
        defer { bed.end() }
        bed.send(20)
        let began = TestClock.wall
        let results = bed.results(20)
        #expect(results.filter(Self.isAccepted).count == 19)
        #expect(TestClock.wall - began < .milliseconds(400))
        guard case .storeFault(let fault) = results[0].end, fault as? SQLiteError == error else {
            Issue.record("\(results[0].end)")
            return
        }
    }

    @Test func `a database that can't be read is not asked for each of a thousand mails`() throws {
        let bed = try SendingBed { _ in
            throw SQLiteError(code: 10, message: "disk I/O error", operation: "SELECT")
        }
        defer { bed.end() }
        bed.send(1_000)
        #expect(eventually { bed.checks.count == 1 })
        usleep(1_200_000)
        // One each 500 ms.
        #expect((2...4).contains(bed.checks.count))
        #expect(bed.relay.record.mailCount == 0)
        #expect(bed.heartbeat.rounds < 60)
    }
}
