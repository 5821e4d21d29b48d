internal import CLinux
internal import Glibc

/// Addresses of sockets on this machine.
enum SocketAddress {
    /// A path, or a name in the abstract namespace after an @; nil if it can't be one.
    static func unix(_ text: String) -> (sockaddr_un, socklen_t)? {
        let bytes = Array(text.utf8)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard let first = bytes.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@"),
            bytes.count > 1, bytes.count < room, !bytes.contains(0)
        else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path.copyBytes(from: bytes)
            if first == UInt8(ascii: "@") { path[0] = 0 }
        }
        let start = MemoryLayout<sockaddr_un>.size - room
        // The name of an abstract socket is as long as the address says; a path ends in a NUL.
        let length = start + bytes.count + (first == UInt8(ascii: "@") ? 0 : 1)
        return (address, socklen_t(length))
    }
}
