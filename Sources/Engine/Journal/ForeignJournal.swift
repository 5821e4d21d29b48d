internal import CLinux
internal import Delivery
internal import Glibc
internal import Service
internal import Store

/// The in-flight journal of another process, read to learn what became of its mails.
struct ForeignJournal {
    /// What the notes say of one mail.
    enum Fact {
        /// The dot was not announced, and can't be any more.
        case notAnnounced
        case announced(FrozenMail?)
        case replied(SMTPReply, at: WallTime)
    }

    /// What became of the process, and of its notes.
    ///
    /// | file under its name | lock | owner |
    /// |---|---|---|
    /// | none | | gone |
    /// | no name of ours, or somebody else's file | not asked | replaced |
    /// | may not be opened, or not be written while its process lives | | unreadable |
    /// | ours | taken | alive |
    /// | ours | free | dead |
    enum Owner {
        /// It holds the lock: the process lives, frozen perhaps.
        case alive(ForeignJournal)
        /// Its lock was free and is ours now.
        case dead(ForeignJournal)
        /// There is no file: the process is gone, and with it what it knew.
        case gone
        /// Something else stands there. A process ends within a second when that happens to it, and
        /// what it knew is lost.
        case replaced
        /// It is there and can't be asked: nothing can be said.
        case unreadable(JournalTrouble)
    }

    /// nil if nothing in it counts.
    private let memory: JournalMemory?
    let bootID: String
    /// Deletes it: why it could not be; nil if it is gone.
    ///
    /// Of a file it holds the lock, too.
    private let delete: @Sendable () -> JournalTrouble?

    init(
        memory: JournalMemory?, bootID: String, delete: @escaping @Sendable () -> JournalTrouble?
    ) {
        self.memory = memory
        self.bootID = bootID
        self.delete = delete
    }

    /// The process's last turn; nil if the file does not tell.
    var lifeSign: LifeSign? {
        guard let memory else { return nil }
        let sign = memory.readLifeSign()
        return memory.bytes.isDamaged ? nil : sign
    }

    /// What the notes say of each mail, by token.
    ///
    /// A mail that is in none was never begun.
    ///
    /// Of a process that may still wake up, records are revoked first, so that it can't announce a
    /// dot afterwards. nil if the file can't be read, or was cut short meanwhile: nothing is known then.
    func facts(revoking tokens: Set<Int64>) -> [Int64: Fact]? {
        guard let memory else { return nil }
        var facts: [Int64: Fact] = [:]
        for record in 0..<memory.layout.recordCount {
            let word = memory.word(record)
            guard word.state != .free else { continue }
            let token = memory.load(record, JournalField.token, as: Int64.self)
            guard tokens.contains(token) else { continue }
            facts[token] = fact(memory, record, revoke(memory, record, word))
        }
        return memory.bytes.isDamaged ? nil : facts
    }

    /// - Returns: the state that the record has then.
    private func revoke(
        _ memory: JournalMemory, _ record: Int, _ word: JournalMemory.Word
    ) -> JournalState {
        guard word.state == .taken else { return word.state }
        // Nobody is left to announce anything; the file may be open for reading only.
        guard memory.bytes.isWritable else { return .revoked }
        let revoked = JournalMemory.Word(.revoked, use: word.use)
        if memory.exchange(record, word, for: revoked) { return .revoked }
        return memory.word(record).state
    }

    private func fact(_ memory: JournalMemory, _ record: Int, _ state: JournalState) -> Fact {
        switch state {
        case .free, .taken, .revoked: .notAnnounced
        case .announced: .announced(memory.loadMail(record))
        case .replied: replied(memory, record)
        }
    }

    /// A damaged reply counts for nothing: then the record says only that the dot was announced.
    private func replied(_ memory: JournalMemory, _ record: Int) -> Fact {
        guard let reply = memory.loadReply(record) else {
            return .announced(memory.loadMail(record))
        }
        let at = memory.load(record, JournalField.repliedAt, as: Int64.self)
        return .replied(reply, at: WallTime(milliseconds: at))
    }

    /// The copy that a record announces, after a power failure: whatever can be trusted.
    func copies() -> [Int64: FrozenMail] {
        guard let memory else { return [:] }
        var copies: [Int64: FrozenMail] = [:]
        for record in 0..<memory.layout.recordCount where memory.word(record).state == .announced {
            let token = memory.load(record, JournalField.token, as: Int64.self)
            copies[token] = memory.loadMail(record)
        }
        return memory.bytes.isDamaged ? [:] : copies
    }

    /// - Returns: why it could not be deleted; nil if it is gone.
    func remove() -> JournalTrouble? { delete() }
}
