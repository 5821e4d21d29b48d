import Delivery
import SMTP
import Service
import Synchronization

@testable import Engine

/// A relay in memory, at the level of reply lines: it answers at once, and keeps what it was told.
final class VirtualRelay: Sendable {
    /// One command of a client's, and when it came.
    struct Command: Equatable, Sendable {
        var at: WallTime
        var line: String
    }

    private struct State {
        var commands: [Command] = []
        var messages: [String] = []
    }

    private let state = Mutex(State())
    private let clock: EngineClock
    /// The reply to a command; "." is the end of a message.
    private let answer: @Sendable (_ command: String, _ now: WallTime) -> String?

    /// It offers PIPELINING, so that mails follow one another.
    fileprivate let isPipelined: Bool

    init(
        clock: EngineClock, isPipelined: Bool,
        answer: @escaping @Sendable (_ command: String, _ now: WallTime) -> String?
    ) {
        self.clock = clock
        self.isPipelined = isPipelined
        self.answer = answer
    }

    /// What a relay replies that accepts everything.
    static func usual(_ command: String) -> String {
        switch command {
        case "DATA": "354 Go ahead"
        case "QUIT": "221 Bye"
        default: "250 2.0.0 Ok"
        }
    }

    var commands: [Command] { state.withLock(\.commands) }
    /// What it has accepted.
    var messages: [String] { state.withLock(\.messages) }

    /// nil closes the connection.
    fileprivate func reply(to line: String) -> String? {
        let now = clock.wallNow()
        state.withLock { $0.commands.append(Command(at: now, line: line)) }
        return answer(line, now)
    }

    fileprivate func took(_ message: String) { state.withLock { $0.messages.append(message) } }
}

/// Opens connections to it for one process, at once.
final class VirtualDialer: RelayDialer {
    private let relay: VirtualRelay
    private let wake: any Signal
    private let lifeline: Lifeline
    private let opened = Mutex<[OpenedConnection]>([])

    init(_ relay: VirtualRelay, wake: any Signal, lifeline: Lifeline) {
        self.relay = relay
        self.wake = wake
        self.lifeline = lifeline
    }

    var underWay: Int { opened.withLock(\.count) }
    var isQuiet: Bool { true }

    func open(epoch: RelayBreaker.Epoch) {
        let result: Result<any RelayChannel, RelayTrouble> =
            if relay.reply(to: "CONNECT") == nil {
                .failure(
                    RelayTrouble(
                        kind: .outage, error: DeliveryError(stage: .connect, text: "refused")))
            } else {
                .success(VirtualChannel(relay, lifeline))
            }
        opened.withLock {
            $0.append(OpenedConnection(result: result, epoch: epoch, took: .zero))
        }
        wake.signal()
    }

    func takeOpened() -> [OpenedConnection] {
        opened.withLock { opened in
            defer { opened = [] }
            return opened
        }
    }

    func use(_ settings: ConnectionSettings) {}
    func takeSilences() -> [RelaySilence] { [] }
    func abandon(before epoch: RelayBreaker.Epoch) {}
    func stop() {}
}

/// One connection of it.
final class VirtualChannel: RelayChannel {
    private struct State {
        var received: [UInt8] = []
        var unread: [UInt8] = []
        var message: [String]?
        var isClosed = false
    }

    private let state = Mutex(State())
    private let relay: VirtualRelay
    private let lifeline: Lifeline
    let extensions: RelayExtensions
    let peer = "relay.test[192.0.2.1]:25"
    let tls: String? = nil
    let descriptor: Int32? = nil

    init(_ relay: VirtualRelay, _ lifeline: Lifeline) {
        self.relay = relay
        self.lifeline = lifeline
        extensions = RelayExtensions(
            ehloLines: ["relay.test", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
                + (relay.isPipelined ? ["PIPELINING"] : []))
    }

    /// Whether poll(2) would say so.
    var isReady: Bool { state.withLock { !$0.unread.isEmpty || $0.isClosed } }

    func send(_ bytes: ArraySlice<UInt8>) throws(ConnectionLost) -> Int {
        guard lifeline.passes(.send) else { throw ConnectionLost(reason: "the process is dead") }
        let lines = state.withLock { state -> [String]? in
            guard !state.isClosed else { return nil }
            state.received += bytes
            var lines: [String] = []
            while let end = state.received.firstIndex(of: 0x0A) {
                lines.append(String(decoding: state.received[..<end].dropLast(), as: UTF8.self))
                state.received.removeSubrange(...end)
            }
            return lines
        }
        guard let lines else { throw ConnectionLost(reason: "the connection is closed") }
        for line in lines { take(line) }
        return bytes.count
    }

    private func take(_ line: String) {
        if let message = state.withLock(\.message) {
            guard line == "." else { return state.withLock { $0.message = message + [line] } }
            state.withLock { $0.message = nil }
            let reply = relay.reply(to: ".")
            if reply?.hasPrefix("2") == true {
                relay.took(message.joined(separator: "\n"))
            }
            return say(reply)
        }
        let reply = relay.reply(to: line)
        if line == "DATA", reply?.hasPrefix("3") == true { state.withLock { $0.message = [] } }
        say(reply)
    }

    private func say(_ reply: String?) {
        state.withLock { state in
            if let reply { state.unread += Array((reply + "\r\n").utf8) }
            if reply == nil || reply?.hasPrefix("221") == true || reply?.hasPrefix("421") == true {
                state.isClosed = true
            }
        }
    }

    func receive(into buffer: inout [UInt8]) throws(ConnectionLost) -> Int? {
        state.withLock { state in
            let count = min(buffer.count, state.unread.count)
            guard count > 0 else { return state.isClosed ? 0 : nil }
            buffer.replaceSubrange(..<count, with: state.unread[..<count])
            state.unread.removeFirst(count)
            return count
        }
    }

    func sayQuit() throws(ConnectionLost) -> Bool {
        _ = try send(Array("QUIT\r\n".utf8)[...])
        return true
    }

    func close() { state.withLock { $0.isClosed = true } }
}
