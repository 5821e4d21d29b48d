import Delivery
@testable import Engine
import Glibc
import SMTP
import Service
import TestSupport
import Testing

/// What one connection, or a lack of records, must not do to the other mails.
struct SendingLoopTests {
    /// More than any reply, in lines of one reply, in replies nobody asked for, and without an end.
    @Test(
        arguments: ["250-more\r\n", "250 2.0.0 Ok\r\n", "x"],
        [RelayEvent.Verb.mail, .rcpt, .data, .dot])
    func `a relay that floods one connection holds up no other`(
        text: String, verb: RelayEvent.Verb
    ) throws {
        let bed = try SendingBed(
            // Whichever connection is used first: one that is open need not be used at all.
            rules: [.first(1, verb, .flood(text))],
            connections: 2)
        defer { bed.end() }
        bed.send(20)
        let results = bed.results(20)
        let accepted = results.filter {
            if case .verdict(.accepted) = $0.end { true } else { false }
        }
        // The flooded mail has an end, whatever it is, and so has its connection.
        #expect(results.count == 20 && accepted.count >= 19)
        #expect(
            bed.relay.wait { record in record.connections.contains { $0.closedAt != nil } })
    }

    /// An octet of one line every 20 ms would last for 40 s until the line is too long for any.
    @Test(arguments: [RelayEvent.Verb.mail, .data, .dot])
    func `a relay that drips has no more time for its reply than a silent one`(
        verb: RelayEvent.Verb
    ) throws {
        let bed = try SendingBed(
            rules: [
                RelayRule {
                    $0.connection == 1 && $0.verb == verb
                        ? .drip("2", every: .milliseconds(20)) : nil
                }
            ],
            connections: 2,
            timeouts: DialogueTimeouts(command: .milliseconds(400), final: .milliseconds(400)))
        defer { bed.end() }
        bed.send(1)
        let result = try #require(bed.results(1).first)
        guard case .verdict(let verdict) = result.end else {
            Issue.record("\(result.end)")
            return
        }
        #expect("\(verdict)".contains("no reply within"), "\(verdict)")
        #expect(bed.relay.wait { record in record.connections.first?.closedAt != nil })
    }

    /// The relay of the test is hardly ever faster than we are; this one always has something to say.
    @Test func `one turn is bounded, whatever the relay says`() {
        var (reads, heard) = (0, 0)
        func turn(
            _ count: Int?, most: Int = 16_384, showsRest: Bool = true, wanted: Int = .max
        ) -> ReadingTurn.End {
            (reads, heard) = (0, 0)
            return ReadingTurn.run(most: most, showsRest: showsRest) {
                reads += 1
                return reads <= 100_000 ? count : 0
            } hear: { count in
                heard += count
                return heard < wanted
            }
        }
        #expect(turn(16_384) == .full && heard == 65_536 && reads == 4)
        #expect(turn(1, showsRest: false) == .full && heard == 65_536)
        #expect(turn(1) == .dry && reads == 1)
        #expect(turn(nil) == .dry && heard == 0)
        #expect(turn(0) == .closed && heard == 0)
        #expect(turn(16_384, wanted: 20_000) == .deaf && heard == 32_768)
    }

    @Test func `a sender that waits for a free record is woken by it`() throws {
        let handOff = try HandOff()
        handOff.slotsWereFreed()
        #expect(!handOff.forSending.drain())
        handOff.wantSlot()
        handOff.slotsWereFreed()
        #expect(handOff.forSending.drain())
        handOff.slotsWereFreed()
        #expect(!handOff.forSending.drain())
    }

    @Test func `mails that find no record go as soon as one is free`() throws {
        let bed = try SendingBed()
        defer { bed.end() }
        // All of them are taken for outcomes that are not committed yet.
        var taken: [InFlightJournal.Slot] = []
        while let slot = bed.journal.take(mailID: 0, token: 0) { taken.append(slot) }
        let rounds = bed.heartbeat.rounds
        bed.send(1)
        #expect(bed.relay.wait { !$0.connections.isEmpty })
        #expect(eventually { bed.handOff.isSlotWanted })
        let began = TestClock.wall
        bed.journal.free(taken[0])
        bed.handOff.slotsWereFreed()
        #expect(bed.results(1).count == 1)
        // Not only at the next sign of life, a second later, and without a round in between.
        #expect(TestClock.wall - began < .milliseconds(500))
        #expect(bed.heartbeat.rounds - rounds < 30)
    }

    @Test func `no connect thread is left when the sending thread ends`() throws {
        let relay = try ScriptedRelay(rules: [.on(.connect, .silence)])
        let handOff = try HandOff()
        let dialer = Dialer(
            ConnectionSettings(host: "127.0.0.1", port: Int(relay.port), tls: .none),
            wake: handOff.forSending)
        let breaker = RelayBreaker(limit: 4, at: SteadyTime(nanoseconds: 0))
        for _ in 0..<4 { try dialer.open(epoch: breaker.epoch) }
        #expect(relay.wait { $0.connections.count == 4 })
        #expect(!dialer.isQuiet)
        dialer.stop()
        #expect(
            eventually {
                _ = dialer.takeOpened()
                return dialer.isQuiet
            })
    }

    /// Else the trouble after one with credentials would be the last: nothing could be opened any more.
    @Test func `connections of a later epoch are opened`() throws {
        let relay = try ScriptedRelay()
        let handOff = try HandOff()
        let dialer = Dialer(
            ConnectionSettings(host: "127.0.0.1", port: Int(relay.port), tls: .none),
            wake: handOff.forSending)
        var breaker = RelayBreaker(limit: 4, at: SteadyTime(nanoseconds: 0))
        let epochs = (0..<3).map { _ in
            defer { breaker.settingsChanged(limit: 4, at: SteadyTime(nanoseconds: 0)) }
            return breaker.epoch
        }
        dialer.abandon(before: epochs[1])
        for epoch in epochs { try dialer.open(epoch: epoch) }
        var opened: [OpenedConnection] = []
        try #require(
            eventually {
                opened += dialer.takeOpened()
                return opened.count == 3
            })
        for one in opened {
            let isOpen = if case .success = one.result { true } else { false }
            #expect(isOpen == (one.epoch != epochs[0]))
        }
    }

    /// With results pending, mails waiting and no way to write anything down.
    @Test func `while nothing can be recorded the thread sleeps, and asks for nothing`() throws {
        let bed = try SendingBed(connections: 4)
        defer { bed.end() }
        bed.send(4)
        #expect(bed.relay.waitForMails(4))
        bed.handOff.setRecordable(false)
        bed.send(100)
        usleep(200_000)
        let before = bed.heartbeat.rounds
        usleep(1_000_000)
        #expect(bed.heartbeat.rounds - before <= 10)
        let demand = bed.handOff.demand
        #expect(demand.mails <= 0 && demand.urgent == 0)
        #expect(bed.relay.record.mailCount == 4)
        bed.handOff.setRecordable(true)
        #expect(bed.relay.waitForMails(104))
    }
}
