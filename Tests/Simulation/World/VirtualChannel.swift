import Delivery
import SMTP
import Service
import Synchronization

@testable import Engine

/// One connection of a ``VirtualRelay``.
final class VirtualChannel: RelayChannel {
    /// Octets of a reply, and when they are there; nil is the end of the connection.
    private struct Arrival {
        var at: SteadyTime
        var octets: [UInt8]?
    }

    private struct Message {
        var lines: [String] = []
        var contentAt: SteadyTime?
    }

    private struct State {
        var received: [UInt8] = []
        var arrivals: [Arrival] = []
        var message: Message?
        var sender = ""
        var recipient = ""
        var hasRecipient = false
        /// The relay hears nothing any more.
        var isOver = false
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

    /// When poll(2) would say that there is something; nil: not by itself.
    var readyAt: SteadyTime? {
        state.withLock { $0.isClosed ? relay.clock.steadyNow() : $0.arrivals.first?.at }
    }

    /// Whether it would say so now.
    var isReady: Bool { readyAt.map { $0 <= relay.clock.steadyNow() } ?? false }

    // MARK: To the relay

    func send(_ bytes: ArraySlice<UInt8>) throws(ConnectionLost) -> Int {
        guard lifeline.passes(.send) else { throw ConnectionLost(reason: "the process is dead") }
        let now = lifeline.takeExcuse() ?? relay.clock.steadyNow()
        let lines = state.withLock { state -> [String]? in
            guard !state.isClosed else { return nil }
            guard !state.isOver else { return [] }
            state.received += bytes
            var lines: [String] = []
            while let end = state.received.firstIndex(of: 0x0A) {
                lines.append(String(decoding: state.received[..<end].dropLast(), as: UTF8.self))
                state.received.removeSubrange(...end)
            }
            return lines
        }
        guard let lines else { throw ConnectionLost(reason: "the connection is closed") }
        for line in lines { take(line, sentAt: now) }
        return bytes.count
    }

    private func take(_ line: String, sentAt: SteadyTime) {
        guard !state.withLock(\.isOver) else { return }
        let now = relay.clock.steadyNow()
        let isContent = state.withLock { state in
            guard state.message != nil else { return false }
            if state.message?.contentAt == nil { state.message?.contentAt = sentAt }
            guard line != "." else { return false }
            state.message?.lines.append(line)
            return true
        }
        guard !isContent else { return }
        if line.hasPrefix("MAIL FROM:<") {
            let sender = line.dropFirst("MAIL FROM:<".count).prefix { $0 != ">" }
            state.withLock { ($0.sender, $0.hasRecipient) = (String(sender), false) }
        }
        let answer = answer(to: line)
        switch line {
        case ".": endMessage(answer, at: now)
        case "DATA":
            if case .reply(let text, _) = answer, text.hasPrefix("3") {
                state.withLock { $0.message = Message() }
            }
        case _ where line.hasPrefix("RCPT TO:<"):
            let address = line.dropFirst("RCPT TO:<".count).prefix { $0 != ">" }
            state.withLock { state in
                state.recipient = String(address)
                if case .reply(let text, _) = answer { state.hasRecipient = text.hasPrefix("2") }
            }
        default: break
        }
        noteRefusal(answer, of: line)
        say(answer, at: now)
    }

    /// One of DATA because no recipient was taken refuses nobody.
    private func noteRefusal(_ answer: RelayAnswer, of line: String) {
        guard case .reply(let text, _) = answer, text.hasPrefix("5") else { return }
        let (sender, recipient, hasRecipient) = state.withLock {
            ($0.sender, $0.recipient, $0.hasRecipient)
        }
        switch line {
        case "DATA" where !hasRecipient: break
        case _ where line.hasPrefix("MAIL"): relay.noteRefusal(of: sender)
        default: relay.noteRefusal(of: recipient)
        }
    }

    /// In a pipelined group DATA may come though the recipient was refused (RFC 2920, section 3.1).
    private func answer(to line: String) -> RelayAnswer {
        let answer = relay.answer(to: line, about: state.withLock(\.sender))
        guard line == "DATA", !state.withLock(\.hasRecipient),
            case .reply(let text, let delay) = answer,
            text.hasPrefix("3")
        else { return answer }
        return .reply("554 5.5.1 No valid recipients", after: delay)
    }

    private func endMessage(_ answer: RelayAnswer, at now: SteadyTime) {
        let isAccepted =
            switch answer {
            case .reply(let text, _): text.hasPrefix("2")
            case .acceptAndClose, .acceptInSilence: true
            case .close, .silence: false
            }
        let isAnswered = if case .reply = answer { true } else { false }
        let (message, recipient) = state.withLock { state in
            defer { state.message = nil }
            return (state.message ?? Message(), state.recipient)
        }
        relay.note(
            VirtualRelay.Delivery(
                process: lifeline.number, recipient: recipient,
                message: message.lines.joined(separator: "\n"),
                contentAt: message.contentAt ?? now, isAccepted: isAccepted,
                isAnswered: isAnswered))
    }

    private func say(_ answer: RelayAnswer, at now: SteadyTime) {
        state.withLock { state in
            switch answer {
            case .reply(let text, let delay):
                // Replies keep their order.
                let at = max(now + delay, state.arrivals.last?.at ?? now)
                state.arrivals.append(Arrival(at: at, octets: Array((text + "\r\n").utf8)))
                guard text.hasPrefix("221") || text.hasPrefix("421") else { return }
                state.arrivals.append(Arrival(at: at, octets: nil))
                state.isOver = true
            case .close, .acceptAndClose:
                state.arrivals.append(
                    Arrival(at: max(now, state.arrivals.last?.at ?? now), octets: nil))
                state.isOver = true
            case .silence, .acceptInSilence: state.isOver = true
            }
        }
    }

    // MARK: From the relay

    func receive(into buffer: inout [UInt8]) throws(ConnectionLost) -> Int? {
        let now = relay.clock.steadyNow()
        return state.withLock { state in
            guard !state.isClosed else { return 0 }
            guard let first = state.arrivals.first, first.at <= now else { return nil }
            guard let octets = first.octets else { return 0 }
            let count = min(buffer.count, octets.count)
            buffer.replaceSubrange(..<count, with: octets[..<count])
            if count < octets.count {
                state.arrivals[0].octets = Array(octets[count...])
            } else {
                state.arrivals.removeFirst()
            }
            return count
        }
    }

    func sayQuit() throws(ConnectionLost) -> Bool {
        _ = try send(Array("QUIT\r\n".utf8)[...])
        return true
    }

    func close() { state.withLock { $0.isClosed = true } }
    func hidingSecrets(in end: DialogueEnd) -> DialogueEnd { end }
}
