import Delivery
import Testing

/// The table of ``SenderRecord``, line by line; each test is named for its line.
@Suite struct SenderRecordTests {
    /// Blocked at second 0 with one failure, so that a probe may start at 30.
    static let blocked = SenderRecord(blockedAt: wall(0), failures: 1, probeAt: wall(30))

    /// The same, with mail 9 as the probe since second 30.
    static var probing: SenderRecord {
        var record = blocked
        _ = record.apply(.probeStarted(mail: 9), at: wall(30))
        return record
    }

    @Test(arguments: 0...4)
    func `free, accepted: no strikes`(count: Int) {
        var record = SenderRecord(strikes: Array(1...5).prefix(count).map(Int64.init))
        let effects = record.apply(.accepted(mail: 7), at: wall(0))
        #expect(effects == [])
        #expect(record == SenderRecord())
    }

    // "and 5.1.x at RCPT not counted"
    @Test func `free, refused, not counted: the same, and the mail fails`() {
        var record = SenderRecord(strikes: [1, 2, 3, 4])
        let effects = record.apply(.refused(mail: 5, counts: false), at: wall(0))
        #expect(effects == [.fail(mail: 5)])
        #expect(record == SenderRecord(strikes: [1, 2, 3, 4]))
    }

    @Test(arguments: 0...3)
    func `free, fewer than 4 strikes, refused: one strike more`(count: Int) {
        let strikes = [1, 2, 3].prefix(count).map(Int64.init)
        var record = SenderRecord(strikes: strikes)
        let effects = record.apply(.refused(mail: 5, counts: true), at: wall(0))
        #expect(effects == [.fail(mail: 5)])
        #expect(record == SenderRecord(strikes: strikes + [5]))
    }

    // "Five permanent replies in a row to mails from one From address …: that sender waits and is
    // probed, reason `sender`, and the five return to `pending`."
    @Test func `free, 4 strikes, refused: blocked, and the five return`() {
        var record = SenderRecord(strikes: [1, 2, 3, 4])
        let effects = record.apply(.refused(mail: 5, counts: true), at: wall(0))
        #expect(effects == [.returnToPending(mails: [1, 2, 3, 4, 5]), .block(until: wall(30))])
        #expect(record == Self.blocked)
        #expect(record.isBlocked)
    }

    @Test(arguments: [SenderEvent.deferred(mail: 5), .released(mail: 5), .probeStarted(mail: 5)])
    func `free, deferred, released or probe started: the same`(event: SenderEvent) {
        var record = SenderRecord(strikes: [1, 2, 3, 4])
        let effects = record.apply(event, at: wall(0))
        #expect(effects == [])
        #expect(record == SenderRecord(strikes: [1, 2, 3, 4]))
    }

    @Test func `blocked, probe started: blocked, with that probe`() {
        var record = Self.blocked
        #expect(!record.mayProbe(at: wall(29.999)))
        #expect(record.mayProbe(at: wall(30)))
        let effects = record.apply(.probeStarted(mail: 9), at: wall(30))
        #expect(effects == [])
        #expect(record.probe == 9)
        // No second one beside it; but should the process die with it, another in 15 minutes.
        #expect(!record.mayProbe(at: wall(30)))
        #expect(!record.mayProbe(at: wall(929)))
        #expect(record.mayProbe(at: wall(930)))
    }

    @Test(arguments: [9, 8] as [Int64])
    func `blocked, accepted: free, and all its mails may go`(mail: Int64) {
        var record = Self.probing
        let effects = record.apply(.accepted(mail: mail), at: wall(31))
        #expect(effects == [.unblock])
        #expect(record == SenderRecord())
    }

    @Test func `blocked, the probe refused, counted: it returns, and the wait doubles`() {
        var record = Self.blocked
        var waits: [Duration] = []
        for mail in 1...8 as ClosedRange<Int64> {
            let now = wall(Double(mail) * 10_000)
            _ = record.apply(.probeStarted(mail: mail), at: now)
            let effects = record.apply(.refused(mail: mail, counts: true), at: now)
            let until = record.probeAt ?? now
            waits.append(until - now)
            #expect(effects == [.returnToPending(mails: [mail]), .block(until: until)])
            #expect(record.probe == nil)
            #expect(record.blockedAt == wall(0))
        }
        #expect(waits == [60, 120, 240, 480, 900, 900, 900, 900].map { .seconds($0) })
    }

    @Test func `blocked, the probe refused, not counted: it fails, same wait again`() {
        var record = Self.probing
        let effects = record.apply(.refused(mail: 9, counts: false), at: wall(31))
        #expect(effects == [.fail(mail: 9), .block(until: wall(61))])
        #expect(record == SenderRecord(blockedAt: wall(0), failures: 1, probeAt: wall(61)))
    }

    @Test func `blocked, the probe deferred: same wait again`() {
        var record = Self.probing
        let effects = record.apply(.deferred(mail: 9), at: wall(31))
        #expect(effects == [.block(until: wall(61))])
        #expect(record == SenderRecord(blockedAt: wall(0), failures: 1, probeAt: wall(61)))
    }

    @Test func `blocked, the probe released: probe at once`() {
        var record = Self.probing
        let effects = record.apply(.released(mail: 9), at: wall(31))
        #expect(effects == [.block(until: wall(31))])
        #expect(record.mayProbe(at: wall(31)))
    }

    @Test(arguments: [false, true])
    func `blocked, another refused, counted: it returns`(isProbing: Bool) {
        var record = isProbing ? Self.probing : Self.blocked
        let before = record
        let effects = record.apply(.refused(mail: 6, counts: true), at: wall(31))
        #expect(effects == [.returnToPending(mails: [6])])
        #expect(record == before)
    }

    @Test(arguments: [false, true])
    func `blocked, another refused, not counted: it fails`(isProbing: Bool) {
        var record = isProbing ? Self.probing : Self.blocked
        let before = record
        let effects = record.apply(.refused(mail: 6, counts: false), at: wall(31))
        #expect(effects == [.fail(mail: 6)])
        #expect(record == before)
    }

    @Test(arguments: [SenderEvent.deferred(mail: 6), .released(mail: 6)])
    func `blocked, another deferred or released: the same`(event: SenderEvent) {
        for start in [Self.probing, Self.blocked] {
            var record = start
            let effects = record.apply(event, at: wall(31))
            #expect(effects == [])
            #expect(record == start)
        }
    }

    @Test func `a mail refused twice, sent again by an operator, returns once`() {
        var record = SenderRecord(strikes: [1, 2, 1, 3])
        let effects = record.apply(.refused(mail: 1, counts: true), at: wall(0))
        #expect(effects.first == .returnToPending(mails: [1, 2, 3]))
    }

    @Test func `a clock that was set back holds up no probe for long`() {
        #expect(Self.blocked.mayProbe(at: wall(-86_400)))
        #expect(!Self.blocked.mayProbe(at: wall(-800)))
        #expect(!SenderRecord().mayProbe(at: wall(0)))
        #expect(SenderRecord(blockedAt: wall(0), failures: 1).mayProbe(at: wall(0)))
    }
}
