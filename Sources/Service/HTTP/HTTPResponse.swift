internal import Delivery

/// An answer: a small text.
package struct HTTPResponse: Hashable, Sendable {
    package var status: HTTPStatus
    package var contentType: String
    package var content: [UInt8]

    package static let plainText = "text/plain; charset=utf-8"

    package init(_ status: HTTPStatus, contentType: String = plainText, content: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.content = content
    }

    /// A line for people.
    package init(_ status: HTTPStatus, _ line: String) {
        self.init(status, content: Array((line + "\n").utf8))
    }

    /// What goes out.
    ///
    /// - Parameter isHead: The content is left out, but for its length.
    /// - Parameter closes: The connection ends with it.
    func octets(isHead: Bool, closes: Bool, at now: WallTime) -> [UInt8] {
        var head = "HTTP/1.1 \(status.rawValue) \(status.phrase)\r\n"
        head += "Date: \(HTTPDate.text(now))\r\n"
        head += "Content-Type: \(contentType)\r\nContent-Length: \(content.count)\r\n"
        // A browser must neither keep it nor take it for a page.
        head += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        if status == .methodNotAllowed { head += "Allow: GET, HEAD\r\n" }
        if status == .unavailable { head += "Retry-After: 5\r\n" }
        head += closes ? "Connection: close\r\n\r\n" : "\r\n"
        return Array(head.utf8) + (isHead ? [] : content)
    }
}

/// `Sun, 22 Nov 2026 18:52:13 GMT` (RFC 9110, section 5.6.7).
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// - Parameter time: not before 1970; what is gets the epoch.
    static func text(_ time: WallTime) -> String {
        let seconds = max(0, time.milliseconds) / 1_000
        let (day, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let date = CivilDate(daysSince1970: day)
        return
            "\(days[Int(day % 7)]), \(two(date.day)) \(months[Int(date.month) - 1]) \(date.year) "
            + "\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60)) GMT"
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
