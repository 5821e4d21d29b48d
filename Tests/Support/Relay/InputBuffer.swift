import Glibc

/// What has come from a client and has not been used yet.
final class InputBuffer {
    private var bytes: [UInt8] = []
    private var start = 0

    var count: Int { bytes.count - start }
    var isEmpty: Bool { count == 0 }

    /// Reads what there is, at least one octet.
    ///
    /// - Returns: false at the end of the connection, however it ended.
    func fill(from descriptor: Int32) -> Bool {
        compact()
        let size = 65_536
        let received = withUnsafeTemporaryAllocation(byteCount: size, alignment: 16) { chunk in
            var count = 0
            repeat {
                count = recv(descriptor, chunk.baseAddress, size, 0)
            } while count < 0 && errno == EINTR
            if count > 0 {
                bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk[..<count]))
            }
            return count
        }
        return received > 0
    }

    /// The place behind the next LF from `offset` on, counted from the first unused octet.
    func endOfLine(from offset: Int = 0) -> Int? {
        bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress, start + offset < all.count else { return nil }
            let from = base + start + offset
            guard let found = memchr(from, 10, all.count - start - offset) else { return nil }
            return UnsafeRawPointer(found) - (base + start) + 1
        }
    }

    subscript(offset: Int) -> UInt8 { bytes[start + offset] }

    /// Takes the first `count` octets away.
    func take(_ count: Int) -> [UInt8] {
        defer { drop(count) }
        return Array(bytes[start..<start + count])
    }

    func drop(_ count: Int) {
        start += count
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            start = 0
        }
    }

    private func compact() {
        guard start > 0 else { return }
        bytes.removeSubrange(..<start)
        start = 0
    }
}
