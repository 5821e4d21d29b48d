import Delivery
@testable import Engine
import SMTP
import Store
import Synchronization
import TestSupport
import Testing

/// Mails whose commands go out behind the final dot of another.
struct FollowingTests {
    /// What a relay does at one point of one mail.
    struct Fault: Sendable, CustomTestStringConvertible {
        var verb: RelayEvent.Verb
        var reaction: RelayReaction
        let testDescription: String

        static let all = [RelayEvent.Verb.mail, .rcpt, .data, .dot].flatMap { verb in
            [
                ("450", RelayReaction.reply(450, "4.2.0 Later")),
                ("550", .reply(550, "5.1.1 Nobody")), ("503", .reply(503, "5.5.1 What")),
                ("421", .replyThenClose(421, "4.3.2 Bye")), ("closes", .close),
                ("resets", .reset), ("garbage", .raw(Array("hello?\r\n".utf8))),
                ("333", .reply(333, "What")), ("is silent", .silence),
                ("says it twice", twice(verb)),
            ].map {
                Fault(verb: verb, reaction: $0.1, testDescription: "\(verb): \($0.0)")
            }
        }
    }

    static func twice(_ verb: RelayEvent.Verb) -> RelayReaction {
        let words = RelayReaction.raw(Array("250 Ok\r\n250 Ok\r\n".utf8))
        return verb == .dot ? .accept(then: words) : words
    }

    private static let count = 12
    private static let patience = DialogueTimeouts(
        command: .milliseconds(400), final: .milliseconds(400))

    /// The fifth mail meets it, which follows another and is followed.
    private static func fifth(_ fault: Fault) -> RelayRule {
        let seen = Atomic(0)
        return RelayRule { event in
            guard event.verb == fault.verb else { return nil }
            return seen.add(1, ordering: .relaxed).newValue == 5 ? fault.reaction : nil
        }
    }

    @Test(arguments: Fault.all, [false, true])
    func `a fault costs one mail at most, and none goes out twice`(
        _ fault: Fault, isTLS: Bool
    ) throws {
        let bed = try SendingBed(
            rules: [Self.fifth(fault)], isTLS: isTLS, timeouts: Self.patience)
        defer { bed.end() }
        bed.send(Self.count)
        let results = bed.results(Self.count)
        #expect(results.count == Self.count)
        let accepted = results.filter {
            if case .verdict(.accepted) = $0.end { true } else { false }
        }
        #expect(accepted.count >= Self.count - 1)
        let recipients = bed.relay.mails.map(\.recipient)
        #expect(Set(recipients).count == recipients.count)
        #expect(Set(accepted.map(\.mail.mail.key.recipient)).isSubset(of: recipients))
        #expect(bed.relay.breaches == [])
    }

    @Test func `a mail is checked and begun before the dot in front of it is answered`() throws {
        let gate = Gate()
        let bed = try SendingBed(rules: [Self.dot(3, .hold(gate, then: .normal))])
        defer { bed.end() }
        bed.send(8)
        #expect(bed.relay.wait { $0.mailCount == 2 })
        // The third mail's own check, and that of the fourth.
        #expect(eventually { bed.checks.count == 4 })
        gate.open()
        #expect(bed.results(8).count == 8)
        #expect(bed.relay.mails.count == 8 && bed.relay.record.connections.count == 1)
    }

    @Test func `a mail behind a silent dot goes over another connection`() throws {
        let gate = Gate()
        let bed = try SendingBed(
            rules: [Self.dot(20, .hold(gate, then: .normal))], connections: 2)
        defer {
            gate.open()
            bed.end()
        }
        bed.send(60)
        // All but the one that is held, the one behind it among them.
        #expect(bed.relay.waitForMails(59))
        gate.open()
        #expect(bed.results(60).count == 60)
        let recipients = bed.relay.mails.map(\.recipient)
        #expect(recipients.count == 60 && Set(recipients).count == 60)
        #expect(bed.relay.breaches == [])
    }

    @Test(arguments: [false, true])
    func `nobody follows where the relay takes its time for the dot`(isSlow: Bool) throws {
        let (checks, ahead, dots) = (Counter(), Counter(), Counter())
        let bed = try SendingBed(
            rules: [
                RelayRule { event in
                    guard event.verb == .dot else { return nil }
                    // Mails that were checked although the one in front has no reply.
                    ahead.add(checks.value - dots.add(1))
                    return isSlow ? .delay(.milliseconds(15), then: .normal) : nil
                }
            ]
        ) { _ in
            checks.add(1)
            return .go
        }
        defer { bed.end() }
        bed.send(6)
        #expect(bed.results(6).count == 6)
        #expect((ahead.value == 0) == isSlow)
    }

    private final class Counter: Sendable {
        private let number = Atomic(0)
        var value: Int { number.load(ordering: .relaxed) }
        @discardableResult
        func add(_ more: Int) -> Int { number.add(more, ordering: .relaxed).newValue }
    }

    /// It was read while the dot in front of it was waited for.
    @Test func `a mail that follows is checked again before its content`() throws {
        let gate = Gate()
        let bed = try SendingBed(
            rules: [Self.dot(3, .hold(gate, then: .normal))]
        ) { check in
            // The fourth mail's checks are the fourth and the fifth.
            check == 5 ? .changed : .go
        }
        defer { bed.end() }
        bed.send(4)
        #expect(eventually { bed.checks.count == 4 })
        let began = TestClock.steady
        #expect(eventually { TestClock.steady - began > .milliseconds(40) })
        gate.open()
        let results = bed.results(4)
        let changed = results.filter { if case .changed = $0.end { true } else { false } }
        #expect(changed.map(\.mail.mail.mailID) == [4])
        #expect(bed.relay.mails.count == 3)
    }

    private static func dot(_ number: Int, _ reaction: RelayReaction) -> RelayRule {
        let seen = Atomic(0)
        return RelayRule { event in
            guard event.verb == .dot else { return nil }
            return seen.add(1, ordering: .relaxed).newValue == number ? reaction : nil
        }
    }
}
