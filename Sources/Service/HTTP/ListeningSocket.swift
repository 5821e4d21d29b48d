internal import Glibc

/// Sockets that take connections (listen(2)): not inherited, and nobody waits for them.
enum ListeningSocket {
    /// Connections that the kernel keeps for us until we take them.
    private static let backlog: Int32 = 32

    /// One socket for each address that the text stands for.
    ///
    /// A machine without IPv6 has no ::1: `localhost` is then 127.0.0.1 alone.
    static func open(_ address: ListenAddress) throws(SystemError) -> [Int32] {
        var sockets: [Int32] = []
        var failure: SystemError?
        for host in address.hosts {
            do throws(SystemError) {
                sockets.append(try open(host, address.port))
            } catch {
                failure = failure ?? error
            }
        }
        // One of two that is taken would leave half of the callers with somebody else.
        if let failure, sockets.isEmpty || failure.code == EADDRINUSE {
            for socket in sockets { close(socket) }
            throw failure
        }
        return sockets
    }

    private static func open(_ host: String, _ port: UInt16) throws(SystemError) -> Int32 {
        let isIPv6 = host.contains(":")
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, type, 0)
        guard descriptor >= 0 else { throw SystemError(call: "socket", code: errno) }
        do throws(SystemError) {
            // A restart must not wait for the last connections' TIME_WAIT.
            try set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
            // Every interface is IPv4's too; one address is only itself.
            if isIPv6 {
                try set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, host == "::" ? 0 : 1)
            }
            try bind(descriptor, host, port)
            guard listen(descriptor, backlog) == 0 else {
                throw SystemError(call: "listen", code: errno)
            }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func set(
        _ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32
    ) throws(SystemError) {
        var value = value
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard setsockopt(descriptor, level, option, &value, size) == 0 else {
            throw SystemError(call: "setsockopt", code: errno)
        }
    }

    private static func bind(
        _ descriptor: Int32, _ host: String, _ port: UInt16
    ) throws(SystemError) {
        var result: Int32
        if host.contains(":") {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            inet_pton(AF_INET6, host, &address.sin6_addr)
            result = bind(descriptor, &address)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            inet_pton(AF_INET, host, &address.sin_addr)
            result = bind(descriptor, &address)
        }
        guard result == 0 else { throw SystemError(call: "bind", code: errno) }
    }

    private static func bind<Address>(_ descriptor: Int32, _ address: inout Address) -> Int32 {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}
