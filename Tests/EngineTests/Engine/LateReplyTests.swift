import Delivery
@testable import Engine
import Store
import TestSupport
import Testing

/// A process froze after it had announced a dot, its mail was taken over, and then the reply came.

@Test func `a late acceptance settles a mail that nobody has sent again`() throws {
    let one = try Abandoned(1)
    _ = try one.announce(0)
    #expect(try one.recover().map(\.mails) == [1])
    #expect(try one.bed.state(one.ids[0]) == "pending/deferred")
    #expect(try one.finish(0, .sent).isEmpty)
    #expect(try one.bed.state(one.ids[0]) == "sent")
    #expect(try one.bed.value("uncertain", one.ids[0]) == 0)
    #expect(try one.bed.value("attempts", one.ids[0]) == 1)
    #expect(try one.copies() == 0)
    #expect(try one.bed.drain(waits: true) == .drained)
    #expect(one.bed.relay.mails.isEmpty)
    one.journal?.remove()
}

@Test func `a late acceptance settles a mail that is held`() throws {
    let one = try Abandoned(1)
    one.bed.settings.onUncertain = .hold
    _ = try one.announce(0)
    #expect(try one.recover().map(\.mails) == [1])
    #expect(try one.bed.state(one.ids[0]) == "pending/uncertain")
    #expect(try one.finish(0, .sent).isEmpty)
    #expect(try one.bed.state(one.ids[0]) == "sent")
    one.journal?.remove()
}

@Test func `a late acceptance comes too late if the mail was claimed meanwhile`() throws {
    let one = try Abandoned(1)
    _ = try one.announce(0)
    #expect(try one.recover().map(\.mails) == [1])
    let rules = ClaimRules(
        settings: one.bed.settings, ignoresHold: true, now: TestClock.wall + .seconds(1), nonce: 1)
    let again = try one.store.claim(
        ClaimRequest(now: rules.now, limit: 10, owner: 99), decide: rules.decide)
    #expect(again.claims.count == 1)
    #expect(try one.finish(0, .sent) == [one.claims[0].token])
    #expect(try one.bed.state(one.ids[0]) == "sending")
    one.journal?.remove()
}

@Test func `a late refusal settles nothing`() throws {
    let one = try Abandoned(1)
    _ = try one.announce(0)
    #expect(try one.recover().map(\.mails) == [1])
    #expect(try one.finish(0, .failed(.rejected)) == [one.claims[0].token])
    #expect(try one.bed.state(one.ids[0]) == "pending/deferred")
    one.journal?.remove()
}
