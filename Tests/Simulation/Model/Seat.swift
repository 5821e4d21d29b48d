import Delivery
import Store

@testable import Engine

/// Where one process of a ``Model`` runs, and after its death the next.
///
/// It stops at each point at which it matters what the other one has done meanwhile. (After any other commit it stops before
/// what it writes next; until then it only reads what is its own.)
///
/// | point | others may then |
/// |---|---|
/// | before a transaction | change what it has read |
/// | before the commit of a takeover, once the other's notes have been read | go on with what they had begun |
/// | after that commit | go on with it, and see what was taken over |
/// | before a record of its journal is taken, announced, noted as replied, or freed | revoke it |
/// | before the pre-send check | have taken the mail over |
/// | before the final dot | have taken it for dead |
///
/// Of its two threads one goes on at a time: the storing one where it has something to do, but while it waits for the
/// other process's lock, the sending one.
final class Seat {
    /// One of the process's threads.
    final class Strand {
        fileprivate let fiber: Fiber
        /// Where it has stopped in the middle of a turn; nil if it has nothing to do for now.
        fileprivate(set) var place: Lifeline.Point?

        fileprivate init() throws { fiber = try Fiber() }
    }

    let storing: Strand
    let sending: Strand
    private(set) var process: VirtualProcess?
    /// The points that the storing thread has passed in this turn.
    private(set) var passed: [Lifeline.Point] = []
    /// Mails of others that were under way when it asked for their journals in this turn.
    private(set) var asked: [ModelMail] = []
    /// It has stood still for longer than its lease.
    var isFrozen = false
    private var lastWrite: SlotWrite?
    private var isDying = false
    private var failure: (any Error)?
    private let underWay: () throws -> [ModelMail]

    /// - Parameter underWay: The mails that are under way, whoever has them.
    init(underWay: @escaping () throws -> [ModelMail]) throws {
        (storing, sending) = (try Strand(), try Strand())
        self.underWay = underWay
    }

    /// - Parameter make: Makes the process whose lifeline tells of each point.
    func start(
        _ make: (_ visit: @escaping @Sendable (Lifeline.Point) -> Void) throws -> VirtualProcess
    ) throws {
        nonisolated(unsafe) let seat = self
        (isDying, isFrozen) = (false, false)
        process = try make { seat.visit($0) }
    }

    /// It holds the lock that every transaction needs.
    var isInTransaction: Bool { storing.place == .commit(.before) }

    /// It is in the middle of something.
    var isBusy: Bool { storing.place != nil || sending.place != nil }

    /// - Parameter isLocked: Another one holds the lock.
    func hasWork(isLocked: Bool) -> Bool {
        guard let process else { return false }
        if sending.place != nil || mayGoOnStoring(isLocked: isLocked) { return true }
        return (storing.place == nil && process.isStoringDue) || process.isSendingDue
    }

    private func mayGoOnStoring(isLocked: Bool) -> Bool {
        storing.place != nil && !(isLocked && storing.place == .commit(.begins))
    }

    // MARK: Steps

    /// - Parameter isLocked: Another one holds the lock.
    /// - Throws: ``Violation``; what the process could not go on after.
    func goOn(isLocked: Bool) throws {
        isFrozen = false
        if mayGoOnStoring(isLocked: isLocked) {
            storing.fiber.goOn()
        } else if sending.place != nil {
            sending.fiber.goOn()
        }
        for turns in 0... {
            if let failure { throw failure }
            guard turns < 1_000 else { throw Violation(.spinning, "a process") }
            guard turn() else { break }
        }
        if let end = process?.end { throw Violation(.broken, "a process has ended: \(end)") }
    }

    /// - Returns: false if it has stopped in the middle, or has nothing to do for now.
    private func turn() -> Bool {
        guard let process, sending.place == nil else { return false }
        if storing.place == nil, process.isStoringDue {
            storing.fiber.run { [self] in turnStoring() }
            return storing.place == nil
        }
        // It waits for the lock, and not for the sending thread.
        guard storing.place == nil || storing.place == .commit(.begins), process.isSendingDue else {
            return false
        }
        sending.fiber.run { process.turnSending() }
        return sending.place == nil
    }

    func kill() {
        guard let process else { return }
        isDying = true
        process.lifeline.cut(at: storing.place ?? sending.place ?? .send)
        // What they do until they notice, nobody sees.
        for strand in [storing, sending] where strand.place != nil { strand.fiber.goOn() }
        (self.process, failure) = (nil, nil)
        beginTurn()
    }

    // MARK: On the fibers

    private func turnStoring() {
        beginTurn()
        do {
            try process?.turnStoring()
        } catch {
            failure = error
        }
        beginTurn()
    }

    private func beginTurn() {
        passed = []
        asked = []
    }

    private func visit(_ point: Lifeline.Point) {
        guard Fiber.isRunning, !isDying else { return }
        let strand = storing.fiber.isRunning ? storing : sending
        guard stops(at: point) else { return }
        strand.place = point
        strand.fiber.stop()
        strand.place = nil
        if strand === storing { passed.append(point) }
    }

    private func stops(at point: Lifeline.Point) -> Bool {
        switch point {
        case .inquiry:
            do {
                asked = try underWay()
            } catch {
                failure = error
            }
            return false
        case .commit(.before), .commit(.after): return !asked.isEmpty
        case .send: return takeLastWrite() == .announce
        case .slot(let write):
            if sending.fiber.isRunning { lastWrite = write }
            return write != .beat
        case .commit(.begins), .check: return true
        }
    }

    /// The first octets that go out after the note of a dot are the dot.
    private func takeLastWrite() -> SlotWrite? {
        defer { lastWrite = nil }
        return lastWrite
    }
}
