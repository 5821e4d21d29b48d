internal import CLinux
internal import Delivery
internal import Glibc
package import Service

/// A journal that lies in a file beside the database.
extension InFlightJournal {
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
            let memory = JournalMemory(bytes: mapped, layout: layout)
            memory.writeHeader(
                bootID: bootID, lease: lease, nameNumber: JournalFiles.number(inName: name))
            let place = JournalFile(path: path, inode: mapped.inode, size: layout.size)
            return InFlightJournal(name: name, place: place, memory: memory)
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
}

private struct JournalFile: JournalPlace {
    var path: String
    var inode: UInt64
    var size: Int

    func check() throws(JournalGone) {
        var status = stat()
        guard lstat(path, &status) == 0, UInt64(status.st_ino) == inode else { throw .deleted }
        guard Int(status.st_size) >= size else { throw .cutShort }
    }

    func remove() { unlink(path) }
}
