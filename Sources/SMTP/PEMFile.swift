import Glibc

/// A file of certificates or a key, read for each connection before libcurl needs it.
///
/// libcurl would open it by its name in the middle of the handshake, where no deadline reaches it: a FIFO in its place
/// holds the thread for ever.
enum PEMFile {
    /// The end of the sentence that begins with the file.
    struct Failure: Error {
        var text: String
    }

    /// libcurl takes no more (`CURL_MAX_INPUT_LENGTH`). https://curl.se/libcurl/c/CURLOPT_CAINFO_BLOB.html
    static let limit = 8_000_000

    static func read(_ path: String) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw Failure(text: systemText(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Failure(text: systemText(errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(text: "\(path) is no regular file")
        }
        guard status.st_size <= limit else {
            throw Failure(text: "\(path) is larger than \(limit) bytes")
        }
        return try content(descriptor, size: Int(status.st_size))
    }

    /// No more than it held at the beginning, should it grow meanwhile.
    private static func content(_ descriptor: Int32, size: Int) throws(Failure) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let result = Glibc.read(
                    descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                if result < 0, errno == EINTR { continue }
                if result < 0 { code = errno }
                guard result > 0 else { return }
                count += result
            }
        }
        guard code == 0 else { throw Failure(text: systemText(code)) }
        return bytes
    }

    private static func systemText(_ code: Int32) -> String { String(cString: strerror(code)) }
}
