import Delivery
@testable import Engine
import Service
@testable import Store
import TestSupport
import Testing

@Test func `the store is woken where the sender can take mail again`() throws {
    let handOff = try HandOff()
    func deliver(_ mails: Int, isProbe: Bool = false, isDown: Bool = false) -> Bool {
        handOff.deliver(
            [], relay: [],
            demand: HandOff.Demand(mails: mails, isProbe: isProbe, isDown: isDown))
        return handOff.forStoring.drain()
    }
    #expect(deliver(2))
    #expect(!deliver(3) && !deliver(3))
    #expect(!deliver(0))
    #expect(deliver(1))
    #expect(deliver(1, isDown: true))
    #expect(deliver(1, isProbe: true))
    #expect(handOff.demand.isProbe)
}

@Test func `room that is not worth a round wakes nobody`() throws {
    let handOff = try HandOff()
    handOff.deliver([], relay: [], demand: HandOff.Demand(mails: 0, room: 7))
    #expect(!handOff.forStoring.drain() && handOff.demand.room == 7)
}

@Test func `what the store has sent over counts against the demand`() throws {
    let handOff = try HandOff()
    handOff.deliver([], relay: [], demand: HandOff.Demand(mails: 3, room: 5))
    let content = mail("x")
    let claim = Claim(
        mailID: 1, token: 1,
        key: MailKey(helpdeskID: "h", conversationID: "c", recipient: "r", audience: "visitor"),
        dueAt: now, claimedAt: now, attempts: 0, copies: 0, takeovers: 0, sender: "s",
        emailMessageID: "<1@x>", rows: [], helpdesk: nil, frozen: nil, isSenderProbe: false)
    let one = OutgoingMail(claim, content: content, isKept: false)
    handOff.send([one, one])
    #expect(handOff.forSending.drain() && handOff.demand.mails == 1 && handOff.demand.room == 3)
    // A demand that was computed before they were seen.
    handOff.deliver([], relay: [], demand: HandOff.Demand(mails: 3, room: 5))
    #expect(handOff.demand.mails == 1 && handOff.demand.room == 3)
    #expect(handOff.takeOutgoing().count == 2 && handOff.takeOutgoing().isEmpty)
}

@Test func `the earliest stop counts, and both threads hear of it`() throws {
    let handOff = try HandOff()
    let moments = [30, 10, 20].map { SteadyTime(nanoseconds: $0) }
    for moment in moments { handOff.stop(by: moment) }
    #expect(handOff.stopBy == moments[1])
    #expect(handOff.forStoring.drain() && handOff.forSending.drain())
}

@Test func `the sender is woken when recording becomes possible or impossible`() throws {
    let handOff = try HandOff()
    handOff.setRecordable(true)
    #expect(!handOff.forSending.drain())
    handOff.setRecordable(false)
    #expect(handOff.forSending.drain() && !handOff.isRecordable)
}

@Test func `as much is kept at hand as goes out in a tenth of a second`() {
    var moment = SteadyTime(nanoseconds: 1)
    var prefetch = Prefetch(at: moment)
    #expect(prefetch.target(window: 1) == 2 && prefetch.target(window: 4) == 8)
    for _ in 0..<20 {
        moment = moment + .milliseconds(50)
        prefetch.finished(100, at: moment)
    }
    #expect((180...220).contains(prefetch.target(window: 4)))
    // Slower than in the last stretch: not before the stretch is over.
    moment = moment + .milliseconds(49)
    prefetch.finished(60, at: moment)
    #expect((180...220).contains(prefetch.target(window: 4)))
    for _ in 0..<20 {
        moment = moment + .milliseconds(50)
        prefetch.finished(10_000, at: moment)
    }
    #expect(prefetch.target(window: 4) == 256 && prefetch.target(window: 64) == 768)
    #expect(prefetch.target(window: 4, isCommittingSlow: true) == 1_280)
    // After a pause the rate is low again.
    for _ in 0..<20 {
        moment = moment + .seconds(60)
        prefetch.finished(1, at: moment)
    }
    #expect(prefetch.target(window: 4) == 8)
}

@Test func `a relay that proves fast is believed at once`() {
    var moment = SteadyTime(nanoseconds: 1)
    var prefetch = Prefetch(at: moment)
    for _ in 0..<15 {
        moment = moment + .microseconds(500)
        prefetch.finished(1, at: moment)
    }
    #expect(prefetch.target(window: 4) == 8)
    // The sixteenth after 8 ms: 100 in 50 ms.
    moment = moment + .microseconds(500)
    prefetch.finished(1, at: moment)
    #expect(prefetch.target(window: 4) == 200)
    // However fast it seems.
    prefetch.finished(300, at: moment)
    #expect(prefetch.target(window: 4) == 256)
}

@Test func `a fast relay behind a slow disk is known to be fast`() {
    var moment = SteadyTime(nanoseconds: 1)
    var prefetch = Prefetch(at: moment)
    // Two mails a commit, which go out in 2 ms; the next commit takes 100 ms.
    for _ in 0..<8 {
        prefetch.relay(isBusy: true, at: moment)
        for _ in 0..<2 {
            moment = moment + .milliseconds(1)
            prefetch.finished(1, at: moment)
        }
        prefetch.relay(isBusy: false, at: moment)
        moment = moment + .milliseconds(100)
    }
    #expect(prefetch.target(window: 1) == 100)
    // After a second without mail half of it is believed.
    moment = moment + .seconds(1)
    prefetch.relay(isBusy: true, at: moment)
    #expect(prefetch.target(window: 1) == 50)
}

@Test func `a slow relay gets no more than two mails a connection`() {
    var moment = SteadyTime(nanoseconds: 1)
    var prefetch = Prefetch(at: moment)
    for _ in 0..<100 {
        moment = moment + .milliseconds(25)
        prefetch.finished(1, at: moment)
        #expect(prefetch.target(window: 4) == 8)
    }
}
