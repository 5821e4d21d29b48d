import CCurl

/// libcurl, initialised once for the process.
enum CurlLibrary {
    /// `curl_global_init` before anything else; a `static let` is initialised once, by one thread.
    /// https://curl.se/libcurl/c/curl_global_init.html
    private static let initResult = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    static var isReady: Bool { initResult == CURLE_OK }

    /// libcurl's words for a result.
    static func text(_ code: CURLcode) -> String {
        ReplyText.clean(String(cString: curl_easy_strerror(code)).utf8, limit: 200)
    }
}
