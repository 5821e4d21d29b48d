import Glibc

/// Which names and addresses are this machine's own.
enum Loopback {
    /// `localhost`, 127.0.0.0/8, ::1.
    ///
    /// What a name resolves to is seen to when the socket is opened.
    static func isName(_ host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        var four = in_addr()
        if inet_pton(AF_INET, host, &four) == 1 { return isLoopback(four) }
        var six = in6_addr()
        if inet_pton(AF_INET6, host, &six) == 1 { return isLoopback(six) }
        return false
    }

    /// An address without a zone: `::1`.
    static func isIPv6Literal(_ host: String) -> Bool {
        var six = in6_addr()
        return inet_pton(AF_INET6, host, &six) == 1
    }

    /// The address that a socket is about to connect to.
    static func isAddress(_ address: UnsafeRawPointer, family: Int32) -> Bool {
        switch family {
        case AF_INET: isLoopback(address.loadUnaligned(as: sockaddr_in.self).sin_addr)
        case AF_INET6: isLoopback(address.loadUnaligned(as: sockaddr_in6.self).sin6_addr)
        default: false
        }
    }

    private static func isLoopback(_ address: in_addr) -> Bool {
        UInt32(bigEndian: address.s_addr) >> 24 == 127
    }

    private static func isLoopback(_ address: in6_addr) -> Bool {
        withUnsafeBytes(of: address) { bytes in
            bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
        }
    }
}
