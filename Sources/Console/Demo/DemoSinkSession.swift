/// What one client of the demonstration's mail server says, and what it is told (RFC 5321): octets in,
/// octets out, no socket.
///
/// It takes everything, but for the recipients that its policy refuses.
struct DemoSinkSession {
    enum Event: Sendable {
        case refused(recipient: String, reply: String)
        case accepted(recipient: String, message: [UInt8])
    }

    /// A client that says more than this in one line, or sends a larger message, is none of ours.
    private static let longestLine = 4_096
    private static let longestMessage = 1 << 20

    private(set) var output: [UInt8] = []
    private(set) var isOver = false
    private var input: [UInt8] = []
    private var recipient: String?
    private var message: [UInt8]?

    init() {
        say("220 demo.invalid ESMTP, which throws everything away")
    }

    /// - Parameter refusal: asked once for each RCPT; the reply, or nil to accept.
    mutating func receive(
        _ octets: some Sequence<UInt8>, refusal: (String) -> String?
    ) -> [Event] {
        input += octets
        var events: [Event] = []
        while !isOver, let end = input.firstIndex(of: 0x0A) {
            let line = Array(input[..<end]).dropLast(if: { $0 == 0x0D })
            input.removeSubrange(...end)
            if message != nil {
                if let event = take(bodyLine: line) { events.append(event) }
            } else if let event = obey(String(decoding: line, as: UTF8.self), refusal) {
                events.append(event)
            }
        }
        if input.count > Self.longestLine { isOver = true }
        return events
    }

    /// What is to be sent, which counts as sent then.
    mutating func takeOutput() -> [UInt8] {
        defer { output.removeAll() }
        return output
    }

    private mutating func obey(_ line: String, _ refusal: (String) -> String?) -> Event? {
        switch line.prefix(4).uppercased() {
        case "EHLO":
            say("250-demo.invalid\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8")
            say("250 ENHANCEDSTATUSCODES")
        case "MAIL":
            recipient = nil
            say("250 2.1.0 Ok")
        case "RCPT": return consider(address(in: line), refusal)
        case "DATA" where recipient == nil: say("503 5.5.1 Nobody to send it to")
        case "DATA":
            message = []
            say("354 Go on")
        case "QUIT":
            say("221 2.0.0 Bye")
            isOver = true
        case "RSET", "NOOP", "HELO":
            recipient = nil
            say("250 2.0.0 Ok")
        default: say("502 5.5.2 Not here")
        }
        return nil
    }

    private mutating func consider(_ address: String, _ refusal: (String) -> String?) -> Event? {
        if let reply = refusal(address) {
            say(reply)
            return .refused(recipient: address, reply: reply)
        }
        recipient = address
        say("250 2.1.5 Ok")
        return nil
    }

    private mutating func take(bodyLine line: ArraySlice<UInt8>) -> Event? {
        if line == [0x2E] {
            defer { message = nil }
            say("250 2.0.0 Ok, taken")
            return .accepted(recipient: recipient ?? "", message: message ?? [])
        }
        // RFC 5321, section 4.5.2: the first of two dots is not the message's.
        message? += (line.first == 0x2E ? line.dropFirst() : line) + [0x0D, 0x0A]
        if message.map(\.count) ?? 0 > Self.longestMessage { isOver = true }
        return nil
    }

    private func address(in line: String) -> String {
        guard let start = line.firstIndex(of: "<"), let end = line.lastIndex(of: ">"), start < end
        else { return "" }
        return String(line[line.index(after: start)..<end])
    }

    private mutating func say(_ line: String) {
        output += Array((line + "\r\n").utf8)
    }
}

extension Array where Element == UInt8 {
    /// Without its last octet, if that is the one.
    fileprivate func dropLast(if isIt: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        last.map(isIt) == true ? dropLast() : self[...]
    }
}
