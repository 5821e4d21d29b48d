internal import CLinux
internal import Delivery
internal import Glibc
internal import Service
internal import Store

/// The slot file of another process, read to learn what became of its mails.
struct ForeignSlots {
    /// What the notes say of one mail.
    enum Fact {
        /// The dot was not announced, and can't be any more.
        case notAnnounced
        case announced(FrozenMail?)
        case replied(SMTPReply, at: WallTime)
    }

    enum Owner {
        /// It holds the lock: the process lives, frozen perhaps.
        case alive(ForeignSlots)
        /// Its lock was free and is ours now.
        case dead(ForeignSlots)
        /// There is no file: the process is gone, and with it what it knew.
        case gone
        /// It is there and can't be opened: nothing can be said.
        case unreadable
    }

    private let memory: SlotMemory?
    private let path: String
    let bootID: String

    static func open(_ name: String, besideDatabase database: String) -> Owner {
        guard SlotFiles.isName(name, for: database) else { return .gone }
        let path = FilePath.directory(of: database) + "/" + name
        let descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return errno == ENOENT ? .gone : .unreadable }
        let isDead = flock(descriptor, LOCK_EX | LOCK_NB) == 0
        let slots = ForeignSlots(adopting: descriptor, path: path)
        return isDead ? .dead(slots) : .alive(slots)
    }

    private init(adopting descriptor: Int32, path: String) {
        self.path = path
        var status = stat()
        var header = [UInt8](repeating: 0, count: 128)
        guard fstat(descriptor, &status) == 0, pread(descriptor, &header, 128, 0) == 128 else {
            close(descriptor)
            (memory, bootID) = (nil, "")
            return
        }
        let found = SlotMemory.readHeader(header)
        bootID = found.bootID
        guard let layout = found.layout, Int(status.st_size) >= layout.size else {
            close(descriptor)
            memory = nil
            return
        }
        do throws(SystemError) {
            let file = try MappedFile(adopting: descriptor, size: layout.size)
            memory = SlotMemory(file: file, layout: layout)
        } catch {
            memory = nil  // Nothing is known then, and every mail counts as uncertain.
        }
    }

    /// What the notes say of each mail, by token.
    ///
    /// A mail that is in none was never begun.
    ///
    /// Of a process that may still wake up, records are revoked first, so that it can't announce a
    /// dot afterwards. nil where the file can't be read: nothing is known then.
    func facts(revoking tokens: Set<Int64>) -> [Int64: Fact]? {
        guard let memory else { return nil }
        var facts: [Int64: Fact] = [:]
        for record in 0..<memory.layout.recordCount {
            var word = memory.word(record)
            guard word.state != .free else { continue }
            let token = memory.load(record, SlotField.token, as: Int64.self)
            guard tokens.contains(token) else { continue }
            if word.state == .taken {
                let revoked = SlotMemory.Word(.revoked, use: word.use)
                if memory.exchange(record, word, for: revoked) {
                    facts[token] = .notAnnounced
                    continue
                }
                word = memory.word(record)
            }
            facts[token] = fact(memory, record, word.state)
        }
        return facts
    }

    private func fact(_ memory: SlotMemory, _ record: Int, _ state: SlotState) -> Fact {
        switch state {
        case .free, .taken, .revoked: .notAnnounced
        case .announced: .announced(memory.loadMail(record))
        case .replied:
            .replied(
                memory.loadReply(record),
                at: WallTime(
                    milliseconds: memory.load(record, SlotField.repliedAt, as: Int64.self)))
        }
    }

    /// The copy that a record announces, after a power failure: whatever can be trusted.
    func copies() -> [Int64: FrozenMail] {
        guard let memory else { return [:] }
        var copies: [Int64: FrozenMail] = [:]
        for record in 0..<memory.layout.recordCount where memory.word(record).state == .announced {
            let token = memory.load(record, SlotField.token, as: Int64.self)
            copies[token] = memory.loadMail(record)
        }
        return copies
    }

    func remove() { unlink(path) }
}
