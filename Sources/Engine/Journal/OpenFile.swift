internal import CLinux
internal import Glibc
internal import Service

/// An open file, closed when nobody holds this object any longer; its lock goes with it.
final class OpenFile: Sendable {
    let descriptor: Int32

    /// Takes the descriptor over.
    init(adopting descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { Glibc.close(descriptor) }

    enum Lock: Equatable {
        case ours
        /// Another open file has it: its process lives.
        case taken
        /// The file system has no locks for us.
        case unknown(SystemError)
    }

    /// Tries for the whole file, without waiting (flock(2)).
    ///
    /// - Parameter isShared: enough to ask whether somebody has it.
    func lock(isShared: Bool = false) -> Lock {
        while flock(descriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            return errno == EWOULDBLOCK ? .taken : .unknown(SystemError(call: "flock", code: errno))
        }
        return .ours
    }

    /// nil if the kernel does not tell.
    var status: stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }

    /// The first bytes; zeros where the file ends before.
    func head(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        _ = pread(descriptor, &bytes, count, 0)
        return bytes
    }
}
