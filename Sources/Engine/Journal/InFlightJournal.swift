internal import CLinux
internal import Delivery
internal import Glibc
package import Service
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
/// | taken → revoked | another process | when it takes the mail over: the dot must not go out |
///
/// Its lock tells others that the process lives.
package final class InFlightJournal: @unchecked Sendable {
    package let name: String
    private let path: String
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

    private init(name: String, path: String, memory: JournalMemory) {
        self.name = name
        self.path = path
        self.memory = memory
        areaUsers = Array(repeating: nil, count: memory.layout.areaCount)
    }

    /// Makes and locks a new file beside the database, with the database's owner and mode.
    /// - Throws: ``SystemError``: no space, no permission.
    package static func create(
        besideDatabase database: String, connections: Int, bootID: String,
        lease: Duration = .seconds(120)
    ) throws(SystemError) -> InFlightJournal {
        let layout = JournalLayout(connections: connections)
        let (name, path, file) = try makeFile(besideDatabase: database)
        do throws(SystemError) {
            let code = posix_fallocate(file.descriptor, 0, off_t(layout.size))
            guard code == 0 else {
                throw SystemError(
                    call: "can't allocate \(layout.size) bytes for \(path)", code: code)
            }
            let mapped = try MappedFile(
                file, size: layout.size,
                lastWords: "outboxd ends: \(path): \(JournalGone.cutShort)\n")
            let memory = JournalMemory(file: mapped, layout: layout)
            memory.writeHeader(bootID: bootID, lease: lease)
            return InFlightJournal(name: name, path: path, memory: memory)
        } catch {
            unlink(path)
            throw error
        }
    }

    private static func makeFile(
        besideDatabase database: String
    ) throws(SystemError) -> (name: String, path: String, file: OpenFile) {
        while true {
            let name = JournalFiles.newName(for: database)
            let path = FilePath.directory(of: database) + "/" + name
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o660)
            guard descriptor >= 0 else { throw SystemError(call: "open \(path)", code: errno) }
            let file = OpenFile(adopting: descriptor)
            // Before anybody could want to read it.
            file.share(like: database)
            switch file.lock() {
            case .ours:
                if let status = file.status, status.st_nlink > 0 { return (name, path, file) }
            // Someone who tidies up has found the file before it was locked: then it is theirs.
            case .taken: break
            case .unknown(let error):
                unlink(path)
                throw error
            }
        }
    }

    /// Whether the file is still the one that others find under its name, and whole.
    /// - Throws: ``JournalGone``
    func checkPlace() throws(JournalGone) {
        var status = stat()
        guard lstat(path, &status) == 0, UInt64(status.st_ino) == memory.file.inode else {
            throw .deleted
        }
        guard Int(status.st_size) >= memory.layout.size else { throw .cutShort }
    }

    /// The work is done: nothing in the file is needed any more.
    package func remove() {
        unlink(path)
    }

    // MARK: The sending thread's

    /// Tells other processes that a dot could still be announced here: at each turn, and at least four
    /// times in the time of a lease.
    func beat(_ now: SteadyTime) { memory.beat(now) }

    /// A free record for a mail whose dialogue begins; nil if all wait to be committed.
    func take(mailID: Int64, token: Int64) -> Slot? {
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
        memory.setWord(slot.record, JournalMemory.Word(.free, use: slot.use))
    }
}
