import Delivery
import Testing

/// The table of ``ConnectionShares``, line by line; four connections, and four more beside stragglers.
struct ConnectionSharesTests {
    private typealias Dialogue = ConnectionShares.Dialogue

    /// A relay that takes 10 ms for a mail of `good`'s; patience is a second.
    private var quick: ConnectionShares {
        var shares = ConnectionShares(limit: 4)
        let mail = Dialogue(helpdesk: "good", startedAt: steady(0))
        shares.ended(mail, isAccepted: true, at: steady(0.01))
        return shares
    }

    /// It takes 3 s for each of `bad`'s.
    private var slow: ConnectionShares {
        var shares = quick
        let mail = Dialogue(helpdesk: "bad", startedAt: steady(1))
        shares.ended(mail, isAccepted: false, at: steady(4))
        return shares
    }

    private func dialogues(_ helpdesk: String, _ starts: Double...) -> [Dialogue] {
        starts.map { Dialogue(helpdesk: helpdesk, startedAt: steady($0)) }
    }

    private func announced(_ helpdesks: [String], at start: Double = 1) -> [Dialogue] {
        helpdesks.map {
            Dialogue(helpdesk: $0, startedAt: steady(start), dotAnnounced: true)
        }
    }

    private func recounted(
        _ shares: ConnectionShares, _ dialogues: [Dialogue], allowed: Int = 4, at now: Double
    ) -> ConnectionShares {
        var shares = shares
        shares.recount(dialogues, allowed: allowed, at: steady(now))
        return shares
    }

    @Test func `nothing is late, and nobody is slow: nobody yields`() {
        #expect(quick.isUsual(oldest: nil, at: steady(9)))
        #expect(quick.isUsual(oldest: steady(1), at: steady(1.9)))
        #expect(!quick.isUsual(oldest: steady(1), at: steady(2)))
        #expect(!slow.isUsual(oldest: nil, at: steady(9)))
        let late = dialogues("bad", 1, 1, 1, 1)
        #expect(!recounted(quick, late, at: 3).isUsual(oldest: nil, at: steady(3)))
    }

    @Test func `who has a late mail goes last, if no connection is free`() {
        let all = dialogues("bad", 1, 1, 1) + dialogues("good", 1.4)
        #expect(quick.late(all, allowed: 4, at: steady(1.4)) == [])
        #expect(quick.late(all, allowed: 4, at: steady(1.6)) == ["bad"])
        #expect(quick.late(all, allowed: 5, at: steady(1.6)) == [])
        #expect(quick.isLate(startedAt: steady(1), at: steady(1.5)))
        #expect(quick.nextStep(startedAt: steady(1), at: steady(1.6)) == steady(2))
    }

    @Test func `a helpdesk's stragglers leave the last connection`() {
        let six = dialogues("bad", 1, 1, 1, 1, 2, 2)
        let shares = recounted(quick, six, at: 9)
        #expect(shares.spared == 3)
        #expect(!shares.wouldCrowd("bad", six, at: steady(9)))
        #expect(shares.crowded(six, at: steady(9)).isEmpty)
        let seven = six + dialogues("bad", 2)
        #expect(shares.wouldCrowd("bad", seven, at: steady(9)))
        #expect(!shares.wouldCrowd("good", seven, at: steady(9)))
        #expect(shares.crowded(seven, at: steady(9)) == ["bad"])
        // Two such helpdesks leave it as well.
        let both = dialogues("bad", 1, 1, 1, 1) + dialogues("worse", 1, 2, 2)
        #expect(shares.wouldCrowd("worse", both, at: steady(9)))
        #expect(!shares.wouldCrowd("good", both, at: steady(9)))
        let beside = recounted(slow, dialogues("worse", 1, 1, 1, 1, 1, 1), at: 30)
        let seventh = dialogues("worse", 1, 1, 1, 1, 1, 1) + dialogues("good", 30)
        #expect(beside.wouldCrowd("bad", seventh, at: steady(30)))
        // They are not stragglers yet.
        let young = dialogues("bad", 8.5, 8.5, 8.5, 8.5, 8.5, 8.5, 8.5)
        #expect(!shares.wouldCrowd("bad", young, at: steady(9)))
    }

    @Test func `slow helpdesks hold half of the connections together`() {
        let one = dialogues("bad", 5)
        #expect(!slow.wouldCrowd("bad", one, at: steady(5)))
        #expect(slow.crowded(one, at: steady(5)).isEmpty)
        let two = dialogues("bad", 5, 5)
        #expect(slow.wouldCrowd("bad", two, at: steady(5)))
        #expect(!slow.wouldCrowd("good", two, at: steady(5)))
        #expect(slow.crowded(two, at: steady(5)) == ["bad"])
        // Another's mails don't count.
        let mixed = dialogues("bad", 5) + dialogues("good", 5, 5, 5)
        #expect(!slow.wouldCrowd("bad", mixed, at: steady(5)))
    }

    @Test func `a slow helpdesk's mails are not what is usual`() {
        var shares = slow
        let accepted = Dialogue(helpdesk: "bad", startedAt: steady(5))
        shares.ended(accepted, isAccepted: true, at: steady(8))
        #expect(shares.nextStep(startedAt: steady(9), at: steady(9)) == steady(9.5))
        let others = Dialogue(helpdesk: "good", startedAt: steady(5))
        shares.ended(others, isAccepted: true, at: steady(7))
        #expect(shares.nextStep(startedAt: steady(9), at: steady(9)) == steady(14))
    }

    @Test func `what slow helpdesks hold from before leaves one connection`() {
        #expect(recounted(slow, dialogues("bad", 5, 5, 5, 5), at: 5).spared == 1)
        #expect(recounted(slow, dialogues("bad", 5, 5, 5), at: 5).spared == 0)
        #expect(recounted(slow, dialogues("bad", 5), allowed: 1, at: 5).spared == 1)
        #expect(recounted(slow, dialogues("bad", 5), allowed: 0, at: 5).spared == 0)
        // No more than are opened beside stragglers.
        let many = dialogues("bad", 5, 5, 5, 5, 5, 5, 5, 5, 5, 5)
        #expect(recounted(slow, many, at: 5).spared == 4)
    }

    @Test func `the oldest makes room if others wait and none is left`() {
        var overtaken = quick
        let later = Dialogue(helpdesk: "good", startedAt: steady(3))
        overtaken.ended(later, isAccepted: true, at: steady(3.01))
        // Of two helpdesks, so that none is crowded.
        let eight = dialogues("bad", 1, 1, 1, 1) + dialogues("worse", 1, 1, 1, 1)
        let shares = recounted(overtaken, eight, at: 40)
        #expect(shares.spared == 4)
        #expect(shares.oldestShouldMakeRoom(eight, allowed: 4, othersWait: true, at: steady(40)))
        #expect(!shares.oldestShouldMakeRoom(eight, allowed: 4, othersWait: false, at: steady(40)))
        #expect(!shares.oldestShouldMakeRoom(eight, allowed: 5, othersWait: true, at: steady(40)))
        // One helpdesk's hold all but the last: whoever waits.
        let seven = dialogues("bad", 1, 1, 1, 1, 1, 1, 1)
        #expect(shares.oldestShouldMakeRoom(seven, allowed: 4, othersWait: false, at: steady(40)))
        #expect(shares.mayGiveUp(startedAt: steady(1), dotAnnounced: false, at: steady(40)))
        #expect(!shares.mayGiveUp(startedAt: steady(1), dotAnnounced: true, at: steady(40)))
    }

    /// Of five stragglers of one helpdesk the fifth has no half minute; those of others are not counted.
    @Test func `a helpdesk has as many stragglers as connections`() {
        let bad = dialogues("bad", 1, 1.1, 1.2, 1.3, 1.4, 1.5)
        let shares = recounted(quick, bad + dialogues("worse", 1, 1, 1), at: 9)
        #expect(shares.excess(bad, at: steady(9)) == dialogues("bad", 1.4, 1.5))
        #expect(shares.excess(Array(bad.prefix(4)), at: steady(9)).isEmpty)
        #expect(
            shares.excess(Array(bad.prefix(3)) + dialogues("worse", 1, 1, 1), at: steady(9)) == [])
        // One that is young is no straggler.
        #expect(shares.excess(Array(bad.prefix(4)) + dialogues("bad", 8.5), at: steady(9)) == [])
        // Nothing was accepted for a minute: the relay may be silent about all.
        #expect(shares.excess(bad, at: steady(60.1)).isEmpty)
        #expect(quick.excess(bad, at: steady(9)).isEmpty)
    }

    @Test func `stragglers after their final dot count for nothing`() {
        let nine = announced((0..<9).map { "h\($0)" })
        let shares = recounted(quick, nine, at: 9)
        #expect(shares.spared == 9)
        #expect(!shares.wouldCrowd("h0", nine, at: steady(9)))
        #expect(shares.late(nine, allowed: 4, at: steady(9)).isEmpty)
        #expect(!shares.oldestShouldMakeRoom(nine, allowed: 4, othersWait: true, at: steady(9)))
        #expect(shares.excess(nine, at: steady(9)).isEmpty)
        // They are no stragglers yet.
        #expect(recounted(quick, nine, at: 1.5).spared == 0)
        // Of one helpdesk no more than there are connections; the others are spared as any.
        let seven = announced(Array(repeating: "bad", count: 7))
        #expect(recounted(quick, seven, at: 9).spared == 4)
    }

    /// It may be silent about all: each of them may go out twice.
    @Test func `few are parked if nothing was accepted for a minute`() {
        let many = announced((0..<40).map { "h\($0)" })
        #expect(recounted(quick, many, at: 9).spared == 20)
        #expect(recounted(quick, many, allowed: 4, at: 70).spared == 12)
        #expect(recounted(ConnectionShares(limit: 4), many, at: 9).spared == 12)
    }

    @Test func `a helpdesk of which one was given up leaves the last connection to others`() {
        let seven = dialogues("worse", 1, 1, 1, 1, 1, 1) + dialogues("good", 8)
        var shares = recounted(quick, seven, at: 9)
        #expect(!shares.wouldCrowd("bad", seven, at: steady(9)))
        let given = Dialogue(helpdesk: "bad", startedAt: steady(2))
        shares.gaveUp(given, isExcess: true, at: steady(9))
        #expect(shares.wouldCrowd("bad", seven, at: steady(9)))
        #expect(!shares.wouldCrowd("bad", Array(seven.dropLast()), at: steady(9)))
        #expect(shares.late(seven, allowed: 4, at: steady(9)).contains("bad"))
        #expect(!shares.wouldCrowd("bad", seven, at: steady(309)))
        // A reply that took its time clears nobody.
        var later = shares
        later.ended(given, isAccepted: false, at: steady(10))
        #expect(later.wouldCrowd("bad", seven, at: steady(10)))
        let quickly = Dialogue(helpdesk: "bad", startedAt: steady(10))
        shares.ended(quickly, isAccepted: true, at: steady(10.1))
        #expect(!shares.wouldCrowd("bad", seven, at: steady(10.1)))
    }

    /// One of nine helpdesks has to wait for a connection no longer than a second.
    @Test func `of all stragglers together those that hold the last connection are given up`() {
        let eight = (0..<8).flatMap { dialogues("h\($0)", 1 + Double($0) / 10) }
        let shares = recounted(quick, eight, at: 9)
        #expect(shares.excess(eight, at: steady(9)) == dialogues("h7", 1.7))
        #expect(shares.excess(Array(eight.prefix(7)), at: steady(9)).isEmpty)
        #expect(shares.crowded(Array(eight.prefix(7)), at: steady(9)).count == 7)
    }

    @Test func `no more than a hundred helpdesks are suspect`() {
        var suspects = SuspectHelpdesks()
        for number in 0..<101 { suspects.add("h\(number)", at: steady(Double(number))) }
        #expect(!suspects.contains("h0", at: steady(101)))
        #expect(
            suspects.contains("h1", at: steady(101)) && suspects.contains("h100", at: steady(101)))
        #expect(suspects.all(at: steady(101)).count == 100)
    }

    /// A helpdesk with sixty silent mails took one connection after the other.
    @Test func `who has a parked mail leaves the last connection to others`() {
        let seven = dialogues("good", 8.8, 8.8, 8.8, 8.8, 8.8, 8.8, 8.8)
        let all = announced(["bad"]) + seven
        let shares = recounted(quick, all, at: 9)
        #expect(shares.wouldCrowd("bad", all, at: steady(9)))
        #expect(!shares.wouldCrowd("other", all, at: steady(9)))
        let held = announced(["bad"]) + dialogues("bad", 8.8, 8.8, 8.8, 8.8, 8.8, 8.8, 8.8)
        #expect(recounted(quick, held, at: 9).crowded(held, at: steady(9)) == ["bad"])
        #expect(recounted(quick, all, at: 9).crowded(all, at: steady(9)).isEmpty)
    }

    /// The relay may work again, or for others; else they wait for ten minutes.
    @Test func `one more is tried once all have been silent for half a minute`() {
        let many = announced((0..<24).map { "h\($0)" }, at: 10)
        #expect(recounted(quick, many, at: 39.9).spared == 20)
        #expect(recounted(quick, many, at: 40).spared == 21)
        let younger = many + announced(["h24"], at: 25)
        #expect(recounted(quick, younger, at: 54.9).spared == 20)
        #expect(recounted(quick, younger, at: 55).spared == 22)
        // One that has not sent its dot can be given up.
        #expect(recounted(quick, many + dialogues("h", 10), at: 50).spared == 20)
        // The in-flight journal has room for so many.
        let all = announced((0..<32).map { "h\($0)" }, at: 10)
        #expect(recounted(quick, all, at: 50).spared == 20)
        #expect(recounted(quick, many, allowed: 0, at: 50).spared == 16)
    }

    // MARK: The relay's own limit

    /// Four connections and a relay that takes five: what would be opened beyond the limit can't be.
    private func limited(_ dialogues: [Dialogue], at now: Double) -> ConnectionShares {
        var shares = ConnectionShares(limit: 4)
        // A mail that was accepted: the relay works, and a second is long.
        shares.ended(
            Dialogue(helpdesk: "good", startedAt: steady(0)), isAccepted: true, at: steady(0.01))
        shares.ceiling = 5
        shares.recount(dialogues, allowed: 4, at: steady(now))
        return shares
    }

    private func mails(_ starts: [Double], parked: Bool = false) -> [Dialogue] {
        starts.enumerated().map { index, start in
            Dialogue(helpdesk: "bad\(index)", startedAt: steady(start), dotAnnounced: parked)
        }
    }

    @Test func `under the relay's limit all stragglers together leave one connection`() {
        let silent = mails([1, 1, 1, 1])
        let shares = limited(silent, at: 3)
        #expect(shares.crowded(silent, at: steady(3)) == ["bad0", "bad1", "bad2", "bad3"])
        #expect(shares.excess(silent, at: steady(3)).isEmpty)
        let five = mails([1, 1, 1, 1, 1.5])
        #expect(limited(five, at: 3).excess(five, at: steady(3)) == [five[4]])
        // Without a limit more can be opened.
        var free = limited(five, at: 3)
        free.ceiling = nil
        #expect(
            free.excess(five, at: steady(3)).isEmpty && free.crowded(five, at: steady(3)).isEmpty)
    }

    @Test func `under the relay's limit parked mails count`() {
        let parked = mails([1, 1, 1, 1], parked: true)
        let shares = limited(parked, at: 3)
        #expect(shares.crowded(parked, at: steady(3)) == ["bad0", "bad1", "bad2", "bad3"])
        let one = Array(parked.prefix(3))
        #expect(limited(one, at: 3).crowded(one, at: steady(3)).isEmpty)
    }

    @Test func `under the relay's limit the oldest makes room as soon as all are taken`() {
        let five = mails([1, 1, 1, 1, 32])
        let shares = limited(five, at: 32)
        #expect(
            shares.oldestShouldMakeRoom(five, allowed: 4, othersWait: true, at: steady(32)))
        #expect(
            !shares.oldestShouldMakeRoom(five, allowed: 4, othersWait: false, at: steady(32)))
        let four = Array(five.dropFirst())
        #expect(
            !limited(four, at: 32)
                .oldestShouldMakeRoom(four, allowed: 4, othersWait: true, at: steady(32)))
    }

    @Test func `a helpdesk with stragglers leaves an open connection, others need not`() {
        let silent = mails([1, 1, 1, 1], parked: true)
        let shares = limited(silent, at: 3)
        #expect(
            shares.leavingOneOpen(silent, mayGetMore: true, at: steady(3)) == [
                "bad0", "bad1", "bad2", "bad3",
            ])
        // Only our own limit is reached: nobody waits for nothing.
        #expect(shares.leavingOneOpen(silent, mayGetMore: false, at: steady(3)).isEmpty)
        let mixed = silent + [Dialogue(helpdesk: "bad2", startedAt: steady(2.9))]
        #expect(
            limited(mixed, at: 3).leavingOneOpen(mixed, mayGetMore: false, at: steady(3))
                == ["bad2"])
        let young = mails([2.9])
        #expect(
            limited(young, at: 3).leavingOneOpen(young, mayGetMore: true, at: steady(3)).isEmpty)
    }
}
