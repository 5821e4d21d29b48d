import Foundation
import Glibc
import Synchronization
import TestSupport

/// A relay on loopback that plays given lines, one script for each connection in turn.
///
/// After the last step it holds the connection open and silent until the client closes it.
final class TinyRelay: Sendable {
    enum Step: Sendable {
        case say(String)
        /// Reads a line.
        case hear
        case close
        /// Reads nothing until `goOn`.
        case pause
    }

    let port: Int
    private static let quietly = Int32(MSG_NOSIGNAL)
    private let listener: Int32
    private let lines = Mutex<[String]>([])
    private let ended = DispatchSemaphore(value: 0)
    private let paused = DispatchSemaphore(value: 0)

    init(_ scripts: [Step]..., family: Loopback = .ipv4) throws {
        listener = try family.makeSocket()
        try family.bind(listener, port: 0)
        port = Int(try family.port(of: listener))
        listen(listener, 8)
        let thread = Thread { [self] in
            for script in scripts { serve(script) }
            close(listener)
            ended.signal()
        }
        thread.start()
    }

    /// A good relay up to EHLO.
    static func greeting(_ extensions: String...) -> [Step] {
        let lines = ["mx.test"] + extensions
        let reply = lines.enumerated().map { index, line in
            "250\(index == lines.count - 1 ? " " : "-")\(line)\r\n"
        }
        return [.say("220 mx.test ESMTP\r\n"), .hear, .say(reply.joined())]
    }

    /// What the clients said so far.
    var heard: [String] { lines.withLock { $0 } }

    /// Waits until all scripts were played and their connections were closed.
    func wait() -> Bool { ended.wait(timeout: .now() + 20) == .success }

    func goOn() { paused.signal() }

    private func serve(_ script: [Step]) {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        defer { close(client) }
        for step in script {
            switch step {
            case .say(let text): _ = text.withCString { send(client, $0, strlen($0), Self.quietly) }
            case .hear:
                guard let line = readLine(client) else { return }
                lines.withLock { $0.append(line) }
            case .close: return
            case .pause: _ = paused.wait(timeout: .now() + 20)
            }
        }
        while let line = readLine(client) { lines.withLock { $0.append(line) } }
    }

    private func readLine(_ client: Int32) -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while recv(client, &byte, 1, 0) == 1 {
            if byte == 10 { return String(decoding: line, as: UTF8.self) }
            if byte != 13 { line.append(byte) }
        }
        return nil
    }
}
