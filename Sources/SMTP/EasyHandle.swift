import CCurl
import Delivery

/// A libcurl easy handle in a multi handle of its own, and what they call back to.
///
/// The multi handle is what makes opening interruptible; the easy one has to stay in it, or libcurl
/// closes the connection (https://curl.se/libcurl/c/CURLOPT_CONNECT_ONLY.html).
final class EasyHandle {
    let easy: UnsafeMutableRawPointer
    let multi: UnsafeMutableRawPointer
    let observer: HandshakeObserver
    private var isFreed = false

    init(
        _ settings: ConnectionSettings, watch: ConnectionWatch? = nil
    ) throws(RelayTrouble) {
        guard CurlLibrary.isReady, let easy = curl_easy_init() else { throw Self.unavailable }
        guard let multi = curl_multi_init() else {
            curl_easy_cleanup(easy)
            throw Self.unavailable
        }
        self.easy = easy
        self.multi = multi
        observer = HandshakeObserver(settings, watch: watch)
    }

    deinit { free() }

    /// Closes the connection at once, without QUIT: removed before it is cleaned up, libcurl takes
    /// the connection for dead and says nothing more on it.
    func free() {
        guard !isFreed else { return }
        isFreed = true
        curl_multi_remove_handle(multi, easy)
        curl_easy_cleanup(easy)
        curl_multi_cleanup(multi)
    }

    private static var unavailable: RelayTrouble {
        RelayTrouble(
            kind: .outage, error: DeliveryError(stage: .connect, text: "libcurl can't be started"))
    }
}
