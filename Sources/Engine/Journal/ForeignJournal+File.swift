internal import CLinux
internal import Delivery
internal import Glibc
internal import Service

/// A journal that lies in a file beside the database.
extension ForeignJournal {
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
        let found = JournalMemory.readHeader(opened.header)
        let isItsOwn = found.belongs(to: FilePath.name(of: opened.path))
        let memory = found.layout.flatMap { layout -> JournalMemory? in
            guard opened.kind.mayRead, isItsOwn else { return nil }
            do throws(SystemError) {
                let mapped = try MappedFile(
                    opened.file, size: layout.size, isWritable: opened.isWritable)
                return JournalMemory(bytes: mapped, layout: layout)
            } catch {
                return nil  // Nothing is known then, and every mail counts as uncertain.
            }
        }
        let (path, file) = (opened.path, opened.file)
        self.init(memory: memory, bootID: found.bootID) {
            guard unlink(path) != 0, errno != ENOENT else { return nil }
            let code = errno
            return JournalTrouble(
                path: path, ownerID: file.status?.st_uid,
                problem: .undeletable(SystemError.text(of: code)))
        }
    }
}
