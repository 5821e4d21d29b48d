internal import Delivery
import Glibc

/// Reads small files whose size and content somebody else decides.
///
/// What is no regular file (a pipe that a shell passes, `--config <(…)`) is waited for, and not for ever: nobody
/// may ever write into a FIFO.
package enum BoundedFile {
    private static let patience: Duration = .seconds(5)

    package struct Failure: Error, Equatable {
        /// An error number, or 0 where the content is too large or not what it should be.
        package var code: Int32
        /// The end of the sentence that begins with the file.
        package var text: String
    }

    /// The whole content, of at most `limit` bytes.
    package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw failure(EINVAL) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        let end = SystemClock().steadyNow() + patience
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            guard let part = try chunk(descriptor, limit + 1 - bytes.count) else {
                let left = end - SystemClock().steadyNow()
                guard left > .zero else { throw failure(ETIMEDOUT) }
                _ = Waiting.poll([descriptor], timeout: left)
                continue
            }
            if part.isEmpty { return bytes }
            bytes += part
        }
        throw Failure(code: 0, text: "is larger than \(limit) bytes")
    }

    /// - Returns: nil if there is nothing yet, empty at the end.
    private static func chunk(_ descriptor: Int32, _ size: Int) throws(Failure) -> [UInt8]? {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: min(size, 65_536)) { buffer, count in
            let result = SystemError.retrying {
                Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            }
            if result < 0 { code = errno }
            count = max(0, result)
        }
        if code == EAGAIN { return nil }
        guard code == 0 else { throw failure(code) }
        return bytes
    }

    private static func failure(_ code: Int32) -> Failure {
        Failure(code: code, text: "can't be read: \(SystemError.text(of: code))")
    }
}
