import Glibc

/// This machine's own addresses.
package enum Loopback: Sendable, CaseIterable {
    case ipv4, ipv6

    /// As it stands in a URL: `127.0.0.1` or `[::1]`.
    package var host: String {
        switch self {
        case .ipv4: "127.0.0.1"
        case .ipv6: "[::1]"
        }
    }

    /// A stream socket of this family that children do not inherit.
    package func makeSocket() throws -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        return try check(socket(self == .ipv4 ? AF_INET : AF_INET6, type, 0), "socket")
    }

    package func bind(_ descriptor: Int32, port: UInt16) throws {
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        try check(
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size), "setsockopt REUSEADDR")
        try withAddress(port: port) { address, length in
            try check(Glibc.bind(descriptor, address, length), "bind \(host):\(port)")
        }
    }

    package func connect(_ descriptor: Int32, port: UInt16) throws {
        try withAddress(port: port) { address, length in
            try check(Glibc.connect(descriptor, address, length), "connect \(host):\(port)")
        }
    }

    /// The port that a socket of this family is bound to.
    package func port(of descriptor: Int32) throws -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return try withUnsafeMutableBytes(of: &storage) { bytes in
            let address = bytes.bindMemory(to: sockaddr.self).baseAddress
            try check(getsockname(descriptor, address, &length), "getsockname")
            // The port stands at the same place in both families, in network order.
            return UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        }
    }

    private func withAddress(
        port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void
    ) throws {
        switch self {
        case .ipv4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
            try Self.pass(&address, body)
        case .ipv6:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            try Self.pass(&address, body)
        }
    }

    private static func pass<Address>(
        _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void
    ) throws {
        let length = socklen_t(MemoryLayout<Address>.size)
        try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { try body($0, length) }
        }
    }
}
