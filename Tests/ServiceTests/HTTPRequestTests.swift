import Testing

@testable import Service

/// What is a request and what is not: RFC 9112, line by line, and what strangers send.
struct HTTPRequestTests {
    private static func read(_ text: String) -> HTTPRequest.Reading {
        HTTPRequest.read(Array(text.utf8)[...])
    }

    struct Good: Sendable {
        var text: String
        var request: HTTPRequest
        /// What follows is the next request's.
        var rest = ""
    }

    static let good: [Good] = [
        Good(
            text: "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n",
            request: HTTPRequest(method: "GET", path: "/metrics")),
        Good(
            text: "\r\n\r\nHEAD /healthz?x=1#y HTTP/1.1\r\nhOST:\ta \r\n\r\n",
            request: HTTPRequest(method: "HEAD", path: "/healthz")),
        // Typed by hand.
        Good(
            text: "GET / HTTP/1.0\n\n", request: HTTPRequest(method: "GET", path: "/", closes: true)
        ),
        Good(
            text: "GET /a HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n\r\n",
            request: HTTPRequest(method: "GET", path: "/a", closes: true)),
        Good(
            text: "GET http://host.example/a?b HTTP/1.1\r\nHost: a\r\n\r\n",
            request: HTTPRequest(method: "GET", path: "/a")),
        Good(
            text: "GET http://host.example HTTP/1.1\r\nHost: a\r\n\r\n",
            request: HTTPRequest(method: "GET", path: "/")),
        Good(
            text: "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            request: HTTPRequest(method: "OPTIONS", path: "*")),
        Good(
            text: "GET /a HTTP/1.1\r\nHost:\r\nContent-Length: 000\r\nX: \u{E9}\r\n\r\n",
            request: HTTPRequest(method: "GET", path: "/a")),
        Good(
            text: "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n",
            request: HTTPRequest(method: "POST", path: "/a", hasContent: true), rest: "abc"),
        Good(
            text: "GET /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            request: HTTPRequest(method: "GET", path: "/a", hasContent: true)),
        Good(
            text: "GET /a HTTP/1.1\r\nHost: a\r\n\r\n",
            request: HTTPRequest(method: "GET", path: "/a"), rest: "GET /b HTTP/1.1\r\n"),
    ]

    @Test(arguments: good) func `a request is read, and no further`(good: Good) {
        #expect(
            Self.read(good.text + good.rest)
                == .request(good.request, length: good.text.utf8.count))
    }

    @Test(arguments: good) func `any part of it is incomplete`(good: Good) {
        for length in 0..<good.text.utf8.count {
            let part = Array(good.text.utf8.prefix(length))
            #expect(HTTPRequest.read(part[...]) == .incomplete, "\(length)")
        }
    }

    static let bad: [(String, HTTPStatus)] = [
        ("\u{1}\u{2}\u{3}\r\n\r\n", .badRequest),
        ("GET\r\n\r\n", .badRequest),
        ("GET /\r\n\r\n", .badRequest),
        ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .badRequest),
        ("GET / http/1.1\r\nHost: a\r\n\r\n", .badRequest),
        ("GET / HTTP/1.10\r\nHost: a\r\n\r\n", .badRequest),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .versionNotSupported),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .versionNotSupported),
        ("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
        ("GET metrics HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
        ("GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
        ("GET /\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
        ("GET /ü HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", .badRequest),
        ("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\u{0}\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", .badRequest),
        ("GET /" + String(repeating: "a", count: 2_048), .uriTooLong),
        (
            "GET /" + String(repeating: "a", count: 2_048) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            .uriTooLong
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 8_192),
            .headersTooLarge
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: a\r\n", count: 100) + "\r\n",
            .headersTooLarge
        ),
        (String(repeating: "\r\n", count: 4_096), .uriTooLong),
    ]

    @Test(arguments: bad) func `what is none is refused`(text: String, status: HTTPStatus) {
        #expect(Self.read(text) == .refused(status))
    }

    @Test func `nothing that can be sent makes it fail or read beyond its end`() {
        var generator = SystemRandomNumberGenerator()
        let words = [
            "GET", " ", "/", "HTTP/1.1", "\r\n", "\n", ":", "Host", "a", "\u{0}", "\t", "é",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...14, using: &generator))
                .map { _ in words.randomElement(using: &generator) ?? "" }.joined()
            if case .request(_, let length) = Self.read(text) {
                #expect(length <= text.utf8.count)
            }
        }
    }
}
