internal import CLinux
internal import Delivery
internal import Glibc
internal import Service
internal import Store

/// What this process has in flight: a small file beside the database, allocated in advance and mapped
/// into memory, so that an entry costs nothing and survives SIGKILL.
///
/// It is made of *slots*. A slot is a record of 1 kB about one mail under way, from its first command
/// until its outcome is committed: which mail, under which fencing token, whether its final dot was
/// announced, and the reply. After a crash another process reads there which mails may have gone out.
///
/// | slot | written by | when |
/// |---|---|---|
/// | free → taken | the sending thread | before the pre-send check |
/// | taken → announced | the sending thread | before the final dot is written to the socket |
/// | announced → replied | the sending thread | when the reply to the dot has been read |
/// | any → free | the storing thread | when the outcome is committed |
/// | taken → free | the sending thread | when the mail was not begun after all, or got 421 |
/// | taken → revoked | another process | when it takes the mail over: the dot must not go out |
///
/// Its lock tells others that the process lives.
///
/// Sendable since its threads share nothing but the words of the slots, which change atomically; each other
/// field has one writer, named above.
package final class InFlightJournal: @unchecked Sendable {
    package let name: String
    private let place: any JournalPlace
    private let writeGate: WriteGate?
    let memory: JournalMemory
    // The sending thread's.
    private var nextRecord = 0
    private var nextUse: UInt64 = 1
    private var areaUsers: [Slot?]

    /// A record in use; `use` tells it from earlier uses of the same record.
    struct Slot: Hashable, Sendable {
        var record: Int
        var use: UInt64
    }

    /// - Parameter writeGate: Asked before each write; nothing is written once it says no.
    init(
        name: String, place: any JournalPlace, memory: JournalMemory,
        writeGate: WriteGate? = nil
    ) {
        self.name = name
        self.place = place
        self.memory = memory
        self.writeGate = writeGate
        areaUsers = Array(repeating: nil, count: memory.layout.areaCount)
    }

    /// Checks that others still find this journal under its name, and whole.
    /// - Throws: ``JournalGone`` if not.
    func checkPlace() throws(JournalGone) { try place.check() }

    /// The work is done: nothing in it is needed any more.
    package func remove() { place.remove() }

    // MARK: The sending thread's

    /// Tells other processes that a dot could still be announced here: at each turn, and at least four
    /// times in the time of a lease.
    func beat(_ now: SteadyTime) {
        if goesOn(.beat) { memory.beat(now) }
    }

    /// A free record for a mail whose dialogue begins; nil if all wait to be committed.
    func take(mailID: Int64, token: Int64) -> Slot? {
        guard goesOn(.take) else { return nil }
        let count = memory.layout.recordCount
        for step in 0..<count {
            let record = (nextRecord + step) % count
            guard memory.word(record).state == .free else { continue }
            nextRecord = record + 1
            let slot = Slot(record: record, use: nextUse)
            nextUse += 1
            memory.store(mailID, record, JournalField.mailID)
            memory.store(token, record, JournalField.token)
            memory.store(Int32(-1), record, JournalField.area)
            memory.setWord(record, JournalMemory.Word(.taken, use: slot.use))
            return slot
        }
        return nil
    }

    /// Notes that the final dot is about to go out, with the mail as it is.
    /// - Returns: false if it must not: another process has taken the mail over, or there is no
    ///   room for the copy.
    func announce(_ slot: Slot, mail: FrozenMail) -> Bool {
        guard goesOn(.announce) else { return false }
        if memory.fits(mail) {
            guard let area = freeArea() else { return false }
            areaUsers[area] = slot
            memory.storeMail(mail, slot.record, area: area)
        }
        return memory.exchange(
            slot.record, JournalMemory.Word(.taken, use: slot.use),
            for: JournalMemory.Word(.announced, use: slot.use))
    }

    /// Notes the relay's reply to the dot.
    func note(_ reply: SMTPReply, in slot: Slot, at: WallTime) {
        guard goesOn(.reply) else { return }
        memory.storeReply(reply, slot.record, at: at)
        _ = memory.exchange(
            slot.record, JournalMemory.Word(.announced, use: slot.use),
            for: JournalMemory.Word(.replied, use: slot.use))
    }

    func fits(_ mail: FrozenMail) -> Bool { memory.fits(mail) }

    /// Whether another process has taken the mail over.
    func isRevoked(_ slot: Slot) -> Bool { memory.word(slot.record).state == .revoked }

    /// An area is free when the record it belongs to is not announced any more.
    private func freeArea() -> Int? {
        areaUsers.firstIndex { slot in
            guard let slot else { return true }
            let word = memory.word(slot.record)
            return word.use != slot.use || word.state == .free || word.state == .replied
        }
    }

    // MARK: Either thread's

    /// The outcome is committed, or there was none.
    func free(_ slot: Slot) {
        guard goesOn(.free) else { return }
        memory.setWord(slot.record, JournalMemory.Word(.free, use: slot.use))
    }

    private func goesOn(_ write: SlotWrite) -> Bool { writeGate?(write) ?? true }
}

/// A write to the journal, in the order in which those of one mail come.
enum SlotWrite: Hashable, Sendable {
    case beat, take, announce, reply, free
}

/// - Returns: false if the process has died here: nothing of it is written any more.
typealias WriteGate = @Sendable (SlotWrite) -> Bool

/// Where a journal of this process lies.
protocol JournalPlace: Sendable {
    /// - Throws: ``JournalGone`` if others don't find it there any more, or not whole.
    func check() throws(JournalGone)
    func remove()
}
