internal import CLinux
internal import Delivery
internal import Glibc
internal import Service
internal import Store

/// The database does not take what we write: since when, and when it is tried again.
struct StoreTrouble {
    var since: SteadyTime?
    var retryAt: SteadyTime?
    var failures = 0
    var told: String?

    mutating func note(at now: SteadyTime) {
        since = since ?? now
        failures += 1
        // 100 ms, doubling to 10 s.
        retryAt = now + min(.seconds(10), .milliseconds(50) * (1 << min(failures, 8)))
    }
}

/// Which file a path leads to. Another one in its place is another outbox.
struct FileIdentity: Equatable {
    var device: UInt64
    var inode: UInt64

    init(of path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw errno == ENOENT
                ? StoreError.missing(path: path) : SystemError(call: "stat \(path)", code: errno)
        }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

struct FileReplaced: Error, CustomStringConvertible {
    var description: String {
        "another database file has taken the place of the one that was opened; start outboxd again"
    }
}

extension StoringLoop {
    /// A round failed. What can't be recorded is not sent: nothing begins until it can be.
    /// - Returns: the end, where going on makes no sense.
    func struggled(_ error: any Error) throws -> EngineResult? {
        let now = clock.steadyNow()
        trouble.note(at: now)
        hasChanged = true
        exchange.setRecordable(false)
        let text = "\(error)"
        if trouble.told != text {
            trouble.told = text
            observer(.storeTrouble(text))
        }
        let isFinal = error is FileReplaced || error is StoreError
        let isStopping = exchange.stopBy.map { $0 <= now } ?? false
        if isFinal || isStopping || (mode.isDrain && trouble.failures > 5) { throw error }
        return nil
    }

    func recovered() {
        guard trouble.since != nil else { return }
        trouble = StoreTrouble()
        exchange.setRecordable(true)
        observer(.storeRecovered)
    }
}
