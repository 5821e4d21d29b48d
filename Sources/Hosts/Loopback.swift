internal import Glibc

/// Which hosts and addresses are this machine's own: a password goes to them over unverified TLS or none
/// (Settings.md).
package enum Loopback {
    /// `localhost`, 127.0.0.0/8, ::1.
    ///
    /// Nothing is looked up, so another name that resolves to loopback does not count: whoever runs the DNS
    /// could change it. The address that `localhost` resolves to is checked when the socket is opened.
    package static func isHost(_ host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        var four = in_addr()
        if inet_pton(AF_INET, host, &four) == 1 { return isLoopback(four) }
        var six = in6_addr()
        if inet_pton(AF_INET6, host, &six) == 1 { return isLoopback(six) }
        return false
    }

    /// The address that a socket is about to connect to: a `sockaddr_in` or `sockaddr_in6`.
    package static func isAddress(_ address: UnsafeRawPointer, family: Int32) -> Bool {
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
