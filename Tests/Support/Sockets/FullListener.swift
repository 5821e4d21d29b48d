import Glibc

/// A listening socket on loopback whose queue is full: a connection to it is never made.
package final class FullListener: Sendable {
    package let port: Int
    private let sockets: [Int32]

    package init() throws {
        let listener = try Loopback.ipv4.makeSocket()
        try Loopback.ipv4.bind(listener, port: 0)
        listen(listener, 0)
        let port = try Loopback.ipv4.port(of: listener)
        var sockets = [listener]
        for _ in 0..<4 {
            let client = try Loopback.ipv4.makeSocket()
            sockets.append(client)
            // One that finds no place is under way for ever.
            _ = fcntl(client, F_SETFL, O_NONBLOCK)
            try? Loopback.ipv4.connect(client, port: port)
        }
        self.port = Int(port)
        self.sockets = sockets
    }

    package func close() {
        for socket in sockets { Glibc.close(socket) }
    }
}
