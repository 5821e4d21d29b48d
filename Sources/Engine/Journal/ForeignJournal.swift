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

    /// nil if nothing in the file counts.
    private let memory: JournalMemory?
    /// Holds the lock.
    private let file: OpenFile
    private let path: String
    let bootID: String

    /// - Parameter isRegistered: a row of `outboxd_instances` names the file.
    static func open(
        _ name: String, besideDatabase database: String, isRegistered: Bool = true,
        at now: WallTime = SystemClock().wallNow()
    ) -> Owner {
        guard JournalFiles.isName(name, for: database) else { return .replaced }
        let look = JournalLook(besideDatabase: database, at: now)
        switch look.look(name, isRegistered: isRegistered) {
        case .absent: return .gone
        case .untouchable: return .replaced
        case .unreadable(let unreadable): return .unreadable(unreadable)
        case .open(let opened): return owner(opened)
        }
    }

    private static func owner(_ opened: JournalLook.Opened) -> Owner {
        switch opened.file.lock() {
        case .ours: return .dead(ForeignJournal(opened))
        case .taken where opened.isWritable: return .alive(ForeignJournal(opened))
        case .taken: return .unreadable(trouble(opened, .unwritable))
        case .unknown(let error): return .unreadable(trouble(opened, .unreadable("\(error)")))
        }
    }

    private static func trouble(
        _ opened: JournalLook.Opened, _ problem: JournalTrouble.Problem
    ) -> JournalTrouble {
        JournalTrouble(
            path: opened.path, ownerID: opened.file.status?.st_uid, problem: problem)
    }

    private init(_ opened: JournalLook.Opened) {
        file = opened.file
        path = opened.path
        let found = JournalMemory.readHeader(opened.header)
        bootID = found.bootID
        memory = found.layout.flatMap { layout in
            guard opened.kind.mayRead else { return nil }
            do throws(SystemError) {
                let mapped = try MappedFile(
                    opened.file, size: layout.size, isWritable: opened.isWritable)
                return JournalMemory(file: mapped, layout: layout)
            } catch {
                return nil  // Nothing is known then, and every mail counts as uncertain.
            }
        }
    }

    /// The process's last turn; nil if the file does not tell.
    var lifeSign: LifeSign? {
        guard let memory else { return nil }
        let sign = memory.readLifeSign()
        return memory.file.isDamaged ? nil : sign
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
        return memory.file.isDamaged ? nil : facts
    }

    /// - Returns: the state that the record has then.
    private func revoke(
        _ memory: JournalMemory, _ record: Int, _ word: JournalMemory.Word
    ) -> JournalState {
        guard word.state == .taken else { return word.state }
        // Nobody is left to announce anything; the file may be open for reading only.
        guard memory.file.isWritable else { return .revoked }
        let revoked = JournalMemory.Word(.revoked, use: word.use)
        if memory.exchange(record, word, for: revoked) { return .revoked }
        return memory.word(record).state
    }

    private func fact(_ memory: JournalMemory, _ record: Int, _ state: JournalState) -> Fact {
        switch state {
        case .free, .taken, .revoked: .notAnnounced
        case .announced: .announced(memory.loadMail(record))
        case .replied:
            .replied(
                memory.loadReply(record),
                at: WallTime(
                    milliseconds: memory.load(record, JournalField.repliedAt, as: Int64.self)))
        }
    }

    /// The copy that a record announces, after a power failure: whatever can be trusted.
    func copies() -> [Int64: FrozenMail] {
        guard let memory else { return [:] }
        var copies: [Int64: FrozenMail] = [:]
        for record in 0..<memory.layout.recordCount where memory.word(record).state == .announced {
            let token = memory.load(record, JournalField.token, as: Int64.self)
            copies[token] = memory.loadMail(record)
        }
        return memory.file.isDamaged ? [:] : copies
    }

    /// - Returns: why it could not be deleted; nil if it is gone.
    func remove() -> JournalTrouble? {
        guard unlink(path) != 0, errno != ENOENT else { return nil }
        let code = errno
        return JournalTrouble(
            path: path, ownerID: file.status?.st_uid,
            problem: .undeletable(SystemError.text(of: code)))
    }
}
