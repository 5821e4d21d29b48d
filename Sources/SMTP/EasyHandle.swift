import CCurl
import Delivery

/// The libcurl handles of one connection to a relay, and what they call back to.
///
/// The multi handle is what makes opening interruptible; the easy one has to stay in it, or libcurl
/// closes the connection (https://curl.se/libcurl/c/CURLOPT_CONNECT_ONLY.html).
final class EasyHandle {
    let curl: CurlHandles
    let observer: HandshakeObserver

    init(
        _ settings: ConnectionSettings, watch: ConnectionWatch? = nil
    ) throws(RelayTrouble) {
        guard let curl = CurlHandles() else {
            throw RelayTrouble(
                kind: .outage,
                error: DeliveryError(stage: .connect, text: CurlHandles.unavailable))
        }
        self.curl = curl
        observer = HandshakeObserver(settings, watch: watch)
    }

    deinit { free() }

    var easy: UnsafeMutableRawPointer { curl.easy }

    /// Closes the connection at once, without QUIT.
    func free() { curl.free() }
}
