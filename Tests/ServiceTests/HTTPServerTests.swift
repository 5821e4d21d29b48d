import Delivery
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Service

/// The server as strangers meet it.
struct HTTPServerTests {
    /// A server that answers `/` with `ok`, `/big` with a megabyte, and anything else with 404.
    private final class Bed {
        let reserved: ReservedPort
        let server: HTTPServer
        let events = Monitor<[HTTPServer.Event]>([])
        var port: UInt16 { reserved.number }

        init(
            _ limits: HTTPLimits = HTTPLimits(), family: TestSupport.Loopback = .ipv4,
            thread: String = "metrics"
        ) throws {
            reserved = try ReservedPort(family)
            let events = events
            let host = family == .ipv4 ? "127.0.0.1" : "::1"
            server = try HTTPServer(
                ListenAddress(host: host, port: reserved.number), limits: limits, thread: thread,
                tell: { event in events.update { $0.append(event) } }
            ) { request in
                switch (request.path, request.method) {
                case ("/", "GET"), ("/", "HEAD"): HTTPResponse(.ok, "ok")
                case ("/big", _): HTTPResponse(.ok, content: [UInt8](repeating: 65, count: 1 << 22))
                case ("/", _): HTTPResponse(.methodNotAllowed, "no")
                default: HTTPResponse(.notFound, "nothing")
                }
            }
            try server.start()
        }

        deinit { server.stop() }

        func connect(_ family: TestSupport.Loopback = .ipv4) throws -> RawConnection {
            try RawConnection(port: port, family: family)
        }

        /// The whole answer to some octets, until the server closes.
        func answer(_ text: String) throws -> String {
            let connection = try connect()
            try connection.send(text)
            let end = try connection.readToEnd()
            #expect(end.end == .closed)
            return end.rest
        }
    }

    private static let close = "Host: a\r\nConnection: close\r\n\r\n"

    @Test(arguments: [TestSupport.Loopback.ipv4, .ipv6])
    func `it answers, and the content is as long as it says`(family: TestSupport.Loopback) throws {
        let bed = try Bed(family: family)
        #expect(bed.events.read(\.self) == [.listening])
        let connection = try bed.connect(family)
        try connection.send("GET / HTTP/1.1\r\n" + Self.close)
        let text = try connection.readToEnd().rest
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\nDate: "))
        #expect(
            text.contains("\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n"))
        #expect(text.hasSuffix("\r\nConnection: close\r\n\r\nok\n"))
    }

    @Test func `HEAD gets the same head and no content`() throws {
        let bed = try Bed()
        let text = try bed.answer("HEAD / HTTP/1.1\r\n" + Self.close)
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.contains("Content-Length: 3\r\n"))
        #expect(text.hasSuffix("\r\n\r\n"))
    }

    @Test(arguments: [
        ("GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "404 Not Found"),
        ("DELETE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "405 Method Not Allowed"),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde", "413 Content Too Large"),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde", "405 Method Not Allowed"),
        ("\u{16}\u{3}\u{1}\u{2}\r\n\r\n", "400 Bad Request"),
        ("GET / HTTP/9.9\r\n\r\n", "505 HTTP Version Not Supported"),
    ])
    func `what is not to be had is said, and the connection ends`(
        request: String, status: String
    ) throws {
        let text = try Bed().answer(request)
        #expect(text.hasPrefix("HTTP/1.1 \(status)\r\n"), "\(text)")
        #expect(text.contains("\r\nConnection: close\r\n"))
        #expect(text.contains("Allow: GET, HEAD\r\n") == status.hasPrefix("405"))
    }

    @Test func `too large a head gets 431 though more of it is on its way`() throws {
        let bed = try Bed()
        let field = "X: " + String(repeating: "a", count: 1_000) + "\r\n"
        let text = try bed.answer(
            "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: field, count: 30))
        #expect(text.hasPrefix("HTTP/1.1 431 "))
    }

    @Test func `requests one behind the other are answered in their order, on one connection`()
        throws
    {
        let bed = try Bed()
        let text = try bed.answer(
            "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.1\r\n"
                + Self.close)
        let statuses = text.split(separator: "\r\n").filter { $0.hasSuffix("HTTP/1.1 200 OK") }
        #expect(statuses.count == 1 || statuses.count == 2)
        let order = text.ranges(of: "HTTP/1.1 ").map { text[$0.upperBound...].prefix(3) }
        #expect(order == ["200", "404", "200"])
    }

    @Test func `whoever dawdles gets 408, however he drips`() throws {
        var limits = HTTPLimits()
        limits.patience = .milliseconds(300)
        let bed = try Bed(limits)
        let silent = try bed.connect()
        #expect(try silent.readToEnd().rest.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        let dripping = try bed.connect()
        let began = SystemClock().steadyNow()
        var text = ""
        for octet
            in "GET / HTTP/1.1\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        {
            do { try dripping.send(String(octet)) } catch { break }
            usleep(30_000)
            if SystemClock().steadyNow() - began > .seconds(1) { break }
        }
        text = try dripping.readToEnd().rest
        #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 408 "), "\(text)")
        // A connection that has had an answer and asks nothing more ends without one.
        let idle = try bed.connect()
        try idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try idle.readLine() == "HTTP/1.1 200 OK")
    }

    @Test func `whoever does not take the answer loses the connection`() throws {
        var limits = HTTPLimits()
        limits.patience = .milliseconds(300)
        limits.connections = 1
        let bed = try Bed(limits)
        let stubborn = try bed.connect()
        try stubborn.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(
            eventually {
                (try? bed.answer("GET / HTTP/1.1\r\n" + Self.close))?.hasSuffix("ok\n") == true
            })
        _ = stubborn
    }

    @Test func `one connection too many gets 503, until another ends`() throws {
        var limits = HTTPLimits()
        limits.connections = 3
        let bed = try Bed(limits)
        var others = [try bed.connect(), try bed.connect(), try bed.connect()]
        let text = try bed.answer("GET / HTTP/1.1\r\n" + Self.close)
        #expect(text.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"), "\(text)")
        #expect(text.contains("Retry-After: 5\r\n"))
        others.removeLast()
        #expect(
            eventually {
                (try? bed.answer("GET / HTTP/1.1\r\n" + Self.close))?.hasSuffix("ok\n") == true
            })
    }

    @Test func `who is between two requests makes room`() throws {
        var limits = HTTPLimits()
        limits.connections = 1
        let bed = try Bed(limits)
        let idle = try bed.connect()
        try idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        while try idle.readLine() != "ok" {}
        #expect(try bed.answer("GET / HTTP/1.1\r\n" + Self.close).hasSuffix("ok\n"))
        #expect(try idle.readToEnd().rest.isEmpty)
    }

    @Test func `a flood costs a part of one core and no more`() throws {
        var limits = HTTPLimits()
        limits.busy = .milliseconds(5)
        let bed = try Bed(limits, thread: "flooded")
        let isOver = Monitor(false)
        var threads: [OSThread] = []
        for _ in 0..<2 {
            let port = bed.port
            threads.append(
                try OSThread(name: "flooder") {
                    while !isOver.read(\.self) {
                        guard let connection = try? RawConnection(port: port) else { continue }
                        try? connection.send("GET / HTTP/1.1\r\n" + Self.close)
                        _ = try? connection.readToEnd()
                    }
                })
        }
        let before = try Self.processorTime(ofThread: "flooded")
        let began = SystemClock().steadyNow()
        usleep(1_500_000)
        let took = SystemClock().steadyNow() - began
        let used = try Self.processorTime(ofThread: "flooded") - before
        isOver.update { $0 = true }
        for thread in threads { thread.join() }
        // 5 % of the time, and as much again for what the kernel rounds.
        #expect(used < took.inNanoseconds / 10, "\(used) of \(took)")
        #expect(used > 0)
    }

    /// Nanoseconds, of the busiest thread of this name.
    private static func processorTime(ofThread name: String) throws -> Int64 {
        var most: Int64 = 0
        guard let directory = opendir("/proc/self/task") else { return 0 }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let task = withUnsafePointer(to: &entry.pointee.d_name) {
                String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            let place = "/proc/self/task/\(task)"
            guard let comm = try? BoundedFile.read("\(place)/comm", limit: 64),
                String(decoding: comm, as: UTF8.self) == name + "\n",
                let stat = try? BoundedFile.read("\(place)/schedstat", limit: 256)
            else { continue }
            let first = String(decoding: stat, as: UTF8.self).split(separator: " ").first
            most = max(most, first.flatMap { Int64($0) } ?? 0)
        }
        return most
    }

    @Test func `a port that is taken is told once, and had as soon as it is free`() throws {
        let reserved = try ReservedPort()
        let holder = try TestSupport.Loopback.ipv4.makeSocket()
        defer { Glibc.close(holder) }
        try TestSupport.Loopback.ipv4.bind(holder, port: reserved.number)
        #expect(listen(holder, 1) == 0)
        let events = Monitor<[HTTPServer.Event]>([])
        var limits = HTTPLimits()
        limits.listenPause = .milliseconds(10)
        let server = try HTTPServer(
            ListenAddress(host: "127.0.0.1", port: reserved.number), limits: limits,
            tell: { event in events.update { $0.append(event) } }
        ) { _ in HTTPResponse(.ok, "ok") }
        try server.start()
        defer { server.stop() }
        #expect(
            events.read(\.self) == [.cannotListen(SystemError(call: "bind", code: EADDRINUSE))])
        // Four tries fail meanwhile.
        usleep(200_000)
        #expect(events.read(\.self).count == 1)
        // It listens no longer.
        shutdown(holder, Int32(SHUT_RDWR))
        #expect(events.wait(timeout: .seconds(10)) { $0.count == 2 && $0[1] == .listening })
    }

    @Test func `it ends at once, whoever is connected`() throws {
        let bed = try Bed()
        let open = try bed.connect()
        try open.send("GET / HT")
        bed.server.stop()
        #expect(try open.readToEnd().rest.isEmpty)
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (1_795_387_933_482, "Sun, 22 Nov 2026 22:52:13 GMT"),
        (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 GMT"), (-5, "Thu, 01 Jan 1970 00:00:00 GMT"),
    ])
    func `dates are RFC 9110's`(milliseconds: Int64, text: String) {
        #expect(HTTPDate.text(WallTime(milliseconds: milliseconds)) == text)
    }
}
