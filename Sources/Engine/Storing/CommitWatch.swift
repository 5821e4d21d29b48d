internal import CLinux
internal import Delivery
internal import Glibc
internal import Service

/// Hints that somebody wrote to the database, from inotify(7).
///
/// After each the database is asked for its version (``CommitLooks``), until it moves. Only hints: what is
/// missed is found at the next poll.
final class CommitWatch {
    let descriptor: Int32
    private let fileNames: Set<String>
    private var looks = CommitLooks()
    /// We have written since hints were last taken in.
    private var isOwn = false
    private var restsUntil = SteadyTime(nanoseconds: 0)
    /// Times within a second that only other files were written.
    private var strangers = 0
    private var strangersSince = SteadyTime(nanoseconds: 0)

    /// Watches the directory, never the files: a descriptor of theirs that is closed would drop
    /// SQLite's locks. https://sqlite.org/howtocorrupt.html
    init(database: String) throws(SystemError) {
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0 else { throw SystemError(call: "inotify_init1", code: errno) }
        let file = FilePath.name(of: database)
        fileNames = [file + "-wal", file]
        let directory = FilePath.directory(of: database)
        guard inotify_add_watch(descriptor, directory, UInt32(IN_MODIFY)) >= 0 else {
            let code = errno
            close(descriptor)
            throw SystemError(call: "inotify_add_watch \(directory)", code: code)
        }
    }

    deinit { close(descriptor) }

    /// What is a hint waits so long while another file of the directory is written all the time.
    ///
    /// Its writes would wake the thread, a thousand times a second where it is somebody's trace.
    static let rest: Duration = .milliseconds(20)
    /// So many times a second a write to another file wakes us before the watch rests.
    static let mostStrangers = 100
    /// Of 4 kB each, so that somebody who writes faster than we read keeps us from nothing.
    private static let mostReads = 8

    /// The hints up to the next ``drain(at:)`` are of our own making.
    func haveWritten() { isOwn = true }

    /// Takes the hints that are there.
    func drain(at now: SteadyTime) {
        switch readEvents() {
        case .none: break
        case .othersOnly: countStranger(at: now)
        case .hint: looks.hinted(isOwn: isOwn, at: now)
        }
        isOwn = false
    }

    /// Whether no hint has come since the last ``drain(at:)``, ours or others', and no look is due since then.
    func isQuiet(since start: SteadyTime, at now: SteadyTime) -> Bool {
        guard Waiting.poll([descriptor], timeout: .zero) == [false] else { return false }
        return nextLook(at: start).map { now < $0 } ?? true
    }

    private func countStranger(at now: SteadyTime) {
        if now - strangersSince >= .seconds(1) { (strangers, strangersSince) = (0, now) }
        strangers += 1
        if strangers > Self.mostStrangers { restsUntil = now + Self.rest }
    }

    /// Whether nobody is to be woken by it now.
    func rests(at now: SteadyTime) -> Bool { now < restsUntil }

    /// The database's version has moved.
    func settled(at now: SteadyTime) { looks.settled(at: now) }

    /// When to look again; nil if there is nothing to expect.
    func nextLook(at now: SteadyTime) -> SteadyTime? {
        [looks.next(after: now), rests(at: now) ? restsUntil : nil].compactMap(\.self).min()
    }

    private enum Events {
        case none
        /// About other files.
        case othersOnly
        case hint
    }

    private func readEvents() -> Events {
        var found = Events.none
        withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 8) { buffer in
            for _ in 0..<Self.mostReads {
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                guard count > 0 else { return }
                if concernsDatabase(UnsafeRawBufferPointer(rebasing: buffer[..<count])) {
                    found = .hint
                } else if case .none = found {
                    found = .othersOnly
                }
            }
        }
        return found
    }

    private func concernsDatabase(_ events: UnsafeRawBufferPointer) -> Bool {
        let header = MemoryLayout<inotify_event>.size
        var offset = 0
        while offset + header <= events.count {
            let length = Int(events.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
            let end = min(offset + header + length, events.count)
            let name = events[(offset + header)..<end].prefix { $0 != 0 }
            // An event without a name says that events were lost.
            if name.isEmpty || fileNames.contains(String(decoding: name, as: UTF8.self)) {
                return true
            }
            offset = end
        }
        return false
    }
}
