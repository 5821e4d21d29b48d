import Glibc

/// Reads small files whose size and content somebody else decides.
package enum BoundedFile {
    package struct Failure: Error, Equatable {
        /// An error number, or 0 where the file is too large.
        package var code: Int32
        /// What is wrong, in words.
        package var text: String
    }

    /// The whole content, of at most `limit` bytes.
    package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw failure(EINVAL) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            let part = try chunk(descriptor, limit + 1 - bytes.count)
            if part.isEmpty { return bytes }
            bytes += part
        }
        throw Failure(code: 0, text: "is larger than \(limit) bytes")
    }

    private static func chunk(_ descriptor: Int32, _ size: Int) throws(Failure) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: min(size, 65_536)) { buffer, count in
            let result = SystemError.retrying {
                Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            }
            if result < 0 { code = errno }
            count = max(0, result)
        }
        guard code == 0 else { throw failure(code) }
        return bytes
    }

    private static func failure(_ code: Int32) -> Failure {
        Failure(code: code, text: "can't be read: \(SystemError.text(of: code))")
    }
}
