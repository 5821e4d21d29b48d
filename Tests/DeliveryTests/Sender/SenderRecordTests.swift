import Delivery
import Testing

/// The table of ``SenderRecord``, line by line; each test is named for its line.
@Suite struct SenderRecordTests {
    static let sender = "support@acme.test"
    /// Blocked at second 0 with one failure, so that a probe may start at 1.
    static let blocked = SenderRecord(blockedAt: wall(0), failures: 1, probeAt: wall(1))

    /// The same, with mail 9 as the probe since second 1.
    static var probing: SenderRecord {
        var record = blocked
        _ = record.apply(.probeStarted(mail: 9), of: sender, at: wall(1))
        return record
    }

    @Test func `a block begins with a probe in a second`() {
        #expect(SenderRecord.blocked(at: wall(0)) == Self.blocked)
        #expect(Self.blocked.isBlocked && !SenderRecord().isBlocked)
    }

    @Test(arguments: [
        SenderEvent.accepted(mail: 5), .refused(mail: 5, .permanent), .unknownMailbox(mail: 5),
        .deferred(mail: 5), .released(mail: 5), .probeStarted(mail: 5),
    ])
    func `free: the same`(event: SenderEvent) {
        var record = SenderRecord()
        #expect(record.apply(event, of: Self.sender, at: wall(0)) == [])
        #expect(record == SenderRecord())
    }

    /// In seconds: when the next probe is due, when the mail is, and when the probe is then.
    @Test(arguments: [(63.0, 0.0, 15.0), (63, 70, 63), (63, 30, 30), (12, 0, 12), (63, 10, 15)])
    func `blocked, a mail comes that was never tried: its probe is soon`(
        probeAt: Double, dueAt: Double, expected: Double
    ) {
        var record = SenderRecord(blockedAt: wall(0), failures: 6, probeAt: wall(probeAt))
        record.hasten(for: wall(dueAt), at: wall(10))
        #expect(record.probeAt == wall(expected) && record.failures == 6)
        // Not beside a probe that is under way, and not a free one.
        var (probing, free) = (Self.probing, SenderRecord())
        probing.hasten(for: wall(0), at: wall(2))
        free.hasten(for: wall(0), at: wall(2))
        #expect(probing == Self.probing && free == SenderRecord())
    }

    @Test func `blocked, probe started: blocked, with that probe`() {
        var record = Self.blocked
        #expect(!record.mayProbe(at: wall(0.999)))
        #expect(record.mayProbe(at: wall(1)))
        #expect(record.apply(.probeStarted(mail: 9), of: Self.sender, at: wall(1)) == [])
        #expect(record.probe == 9)
        // No second one beside it; but should the process die with it, another in 15 minutes.
        #expect(!record.mayProbe(at: wall(1)))
        #expect(!record.mayProbe(at: wall(900)))
        #expect(record.mayProbe(at: wall(901)))
    }

    @Test(arguments: [9, 8] as [Int64])
    func `blocked, accepted: free, and all its mails may go`(mail: Int64) {
        var record = Self.probing
        let rulings = record.apply(.accepted(mail: mail), of: Self.sender, at: wall(31))
        #expect(rulings == [.unblock(sender: Self.sender)])
        #expect(record == SenderRecord())
    }

    @Test(arguments: [RefusalKind.permanent, .identity])
    func `blocked, the probe refused: it waits, and the wait doubles`(kind: RefusalKind) {
        var record = Self.blocked
        var waits: [Duration] = []
        for mail in 1...11 as ClosedRange<Int64> {
            let now = wall(Double(mail) * 10_000)
            _ = record.apply(.probeStarted(mail: mail), of: Self.sender, at: now)
            let rulings = record.apply(.refused(mail: mail, kind), of: Self.sender, at: now)
            waits.append((record.probeAt ?? now) - now)
            #expect(rulings == [.waitForSender(mails: [mail])])
            #expect(record.probe == nil)
            #expect(record.blockedAt == wall(0))
        }
        #expect(waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900].map { .seconds($0) })
    }

    @Test(arguments: [SenderEvent.deferred(mail: 9), .refused(mail: 9, .system)])
    func `blocked, the probe deferred: 1 failure more`(event: SenderEvent) {
        var record = Self.probing
        #expect(record.apply(event, of: Self.sender, at: wall(31)) == [])
        #expect(record == SenderRecord(blockedAt: wall(0), failures: 2, probeAt: wall(33)))
    }

    @Test func `blocked, the probe's mailbox unknown: same wait again`() {
        var record = Self.probing
        #expect(record.apply(.unknownMailbox(mail: 9), of: Self.sender, at: wall(31)) == [])
        #expect(record == SenderRecord(blockedAt: wall(0), failures: 1, probeAt: wall(32)))
    }

    @Test func `blocked, the probe released: probe at once`() {
        var record = Self.probing
        #expect(record.apply(.released(mail: 9), of: Self.sender, at: wall(31)) == [])
        #expect(record.mayProbe(at: wall(31)))
    }

    @Test(arguments: [false, true], [RefusalKind.permanent, .identity])
    func `blocked, another refused: it waits`(isProbing: Bool, kind: RefusalKind) {
        var record = isProbing ? Self.probing : Self.blocked
        let before = record
        let rulings = record.apply(.refused(mail: 6, kind), of: Self.sender, at: wall(31))
        #expect(rulings == [.waitForSender(mails: [6])])
        #expect(record == before)
    }

    @Test(arguments: [
        SenderEvent.unknownMailbox(mail: 6), .deferred(mail: 6), .released(mail: 6),
        .refused(mail: 6, .system),
    ])
    func `blocked, another ends for a reason of its own: the same`(event: SenderEvent) {
        for start in [Self.probing, Self.blocked] {
            var record = start
            #expect(record.apply(event, of: Self.sender, at: wall(31)) == [])
            #expect(record == start)
        }
    }

    @Test func `a clock that was set back holds up no probe for long`() {
        #expect(Self.blocked.mayProbe(at: wall(-86_400)))
        #expect(!Self.blocked.mayProbe(at: wall(-898)))
        #expect(!SenderRecord().mayProbe(at: wall(0)))
        #expect(SenderRecord(blockedAt: wall(0), failures: 1).mayProbe(at: wall(0)))
    }
}
