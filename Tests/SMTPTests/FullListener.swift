import Glibc

/// A listening socket on loopback whose queue is full: a connection to it is never made.
final class FullListener {
    let port: Int
    private let sockets: [Int32]

    init() {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        var sockets = [listener]
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, size)
                listen(listener, 0)
                getsockname(listener, generic, &size)
                for _ in 0..<4 {
                    let type = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue
                    let client = socket(AF_INET, Int32(type), 0)
                    connect(client, generic, size)
                    sockets.append(client)
                }
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        self.sockets = sockets
    }

    func close() {
        for socket in sockets { Glibc.close(socket) }
    }
}
