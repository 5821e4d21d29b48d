import Delivery

@testable import Engine

/// What a process keeps in memory, and in its journal: bounded at any time, nothing when all is over.
extension VirtualProcess {
    /// Mails and octets in hand, and records of the journal in use.
    struct Kept: Equatable {
        var mails = 0
        var octets = 0
        var toSend = 0
        var records = 0
    }

    var kept: Kept {
        let memory = journal.memory
        return Kept(
            mails: storing.hand.count, octets: storing.hand.octets,
            toSend: sending.waiting.count + sending.again.count + sending.fresh.kept
                + sending.results.count,
            records: (0..<memory.layout.recordCount).count { memory.word($0).state != .free })
    }

    /// The most that may be claimed and not finished: what is prefetched, and the batch beyond it.
    private static let mostMails = 2 * Prefetch.most.slowly + Batches().claimedSlowly

    /// - Throws: ``Violation``.
    func checkIsBounded() throws {
        guard storing.hand.count > Self.mostMails else { return }
        throw Violation(.kept, "process \(lifeline.number): \(kept)")
    }

    func overfull(_ before: Int) -> Violation {
        Violation(
            .kept, "process \(lifeline.number): \(before) octets, and more were claimed: \(kept)")
    }

    /// - Throws: ``Violation``.
    func checkKeepsNothing() throws {
        guard kept != Kept() else { return }
        throw Violation(.kept, "process \(lifeline.number), when all was over: \(kept)")
    }
}

extension StoringLoop {
    /// The octets in hand, but for those of mails whose replies are overdue, leave room for a claim.
    var mayClaimMore: Bool {
        hand.octets - handOff.demand.exemptOctets < batches.octets
    }
}
