internal import Glibc
internal import Hosts

/// Where a server listens: an address of this machine and a port.
///
/// | text | |
/// |---|---|
/// | `127.0.0.1:9464`, `[::1]:9464`, `10.0.0.5:9464` | there alone |
/// | `localhost:9464` | 127.0.0.1 and ::1 |
/// | `0.0.0.0:9464` | every IPv4 interface |
/// | `[::]:9464` | every interface |
/// | `:9464`, `9464` | refused: some programs take it for every interface, others for loopback |
/// | `host.example:9464` | refused: whoever runs the DNS could move the listener |
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// Without brackets.
    package let host: String
    package let port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// - Returns: nil for what is none of the above.
    package init?(parsing text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = PlainNumber.parse(String(text[text.index(after: colon)...]), in: 1...65_535)
        else { return nil }
        let host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            self.host = String(host.dropFirst().dropLast())
            guard HostSyntax.isIPv6(self.host) else { return nil }
        } else {
            self.host = host.lowercased()
            guard self.host == "localhost" || HostSyntax.isIPv4(self.host) else { return nil }
        }
        self.port = UInt16(port)
    }

    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Nobody but this machine can reach it.
    package var isLoopback: Bool { Loopback.isHost(host) }

    /// The numeric addresses that it stands for.
    var hosts: [String] { host == "localhost" ? ["127.0.0.1", "::1"] : [host] }
}
