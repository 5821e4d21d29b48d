import CCurl

/// A libcurl easy handle, and the multi handle that it is driven by.
///
/// Whatever libcurl calls back to must live until ``free()``, which calls back once more for each
/// socket. Who owns such an object frees the handles before it goes.
final class CurlHandles {
    /// Why there are none, for people.
    static let unavailable = "libcurl can't be started"

    let easy: UnsafeMutableRawPointer
    let multi: UnsafeMutableRawPointer
    private var isFreed = false

    /// nil where libcurl can't be started.
    init?() {
        guard CurlLibrary.isReady, let easy = curl_easy_init() else { return nil }
        guard let multi = curl_multi_init() else {
            curl_easy_cleanup(easy)
            return nil
        }
        self.easy = easy
        self.multi = multi
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

    /// How the transfer ended; asked once, when nothing runs any more.
    func result() -> CURLcode {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            if message.pointee.msg == CURLMSG_DONE { return outboxd_curl_message_result(message) }
        }
        return CURLE_GOT_NOTHING
    }
}
