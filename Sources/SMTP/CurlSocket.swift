import CCurl
import Glibc

/// What stands behind CURLOPT_OPENSOCKETFUNCTION: a socket for the address that libcurl is about to
/// connect to.
enum CurlSocket {
    /// - Parameter mayConnect: asked for the address, a `sockaddr`, and its family.
    /// - Returns: CURL_SOCKET_BAD for an address that must not be connected to.
    static func open(
        _ address: UnsafeMutablePointer<curl_sockaddr>,
        mayConnect: (UnsafeRawPointer, Int32) -> Bool
    ) -> curl_socket_t {
        let family = address.pointee.family
        // An IPv6 address is longer than the field that it starts in.
        let start = MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0
        guard mayConnect(UnsafeRawPointer(address) + start, family) else { return CURL_SOCKET_BAD }
        let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return socket(family, type, address.pointee.protocol)
    }
}
