import CCurl
import Hosts

/// What libcurl calls back to during a ``TokenExchange``; used by one thread.
final class AnswerCollector {
    /// Of the body, and of the headers, in octets: tokens have a few thousand.
    static let limit = 65_536

    private(set) var body: [UInt8] = []
    private var headerCount = 0
    private(set) var isFull = false
    /// A name of loopback's resolved to something else.
    private(set) var wasLed = false
    private let onlyLoopback: Bool

    /// - Parameter onlyLoopback: the secret goes in clear.
    init(onlyLoopback: Bool) {
        self.onlyLoopback = onlyLoopback
    }

    func takeBody(_ part: UnsafeRawBufferPointer) -> Bool {
        isFull = isFull || body.count + part.count > Self.limit
        if !isFull { body.append(contentsOf: part) }
        return !isFull
    }

    func takeHeader(_ count: Int) -> Bool {
        headerCount += count
        isFull = isFull || headerCount > Self.limit
        return !isFull
    }

    func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        CurlSocket.open(address, mayConnect: mayConnect)
    }

    private func mayConnect(to address: UnsafeRawPointer, family: Int32) -> Bool {
        guard onlyLoopback, !Loopback.isAddress(address, family: family) else { return true }
        wasLed = true
        return false
    }
}
