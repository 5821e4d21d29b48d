internal import Delivery
internal import Mail
internal import SMTP
internal import Service

/// Asks the relay about senders: MAIL, then RSET, each over the one connection.
///
/// No mail is sent.
struct SenderCheck {
    typealias Finding = CheckReport.Finding

    var connection: RelayConnection
    /// Silence for longer ends it.
    var timeout: Duration

    func findings(_ toTry: SendersToTry) -> [Finding] {
        var findings = toTry.unusable.prefix(20).map { id in
            Finding(
                .senders, .warn,
                "from_address of helpdesk \(id) is no address that can be used: its mail waits; mend it"
            )
        }
        var accepted = 0
        var asked = 0
        var talk = Talk(connection: connection, timeout: timeout)
        for sender in toTry.senders {
            do throws(ConnectionLost) {
                let reply = try ask(sender.address, &talk)
                asked += 1
                guard let finding = judge(reply, sender) else {
                    accepted += reply == nil ? 0 : 1
                    continue
                }
                findings.append(finding)
            } catch {
                let rest = toTry.senders.count - asked
                findings.append(
                    Finding(
                        .senders, .warn,
                        "\(error.reason) at \(sender.text): \(counted(rest, "sender")) not tried"))
                break
            }
        }
        return findings + summary(accepted, toTry)
    }

    private func summary(_ accepted: Int, _ toTry: SendersToTry) -> [Finding] {
        guard !toTry.senders.isEmpty else {
            return [Finding(.senders, .skip, "there is no usable sender to ask about")]
        }
        guard accepted > 0 else { return [] }
        let more = toTry.hasMore ? "; there are more, which were not tried" : ""
        return [
            Finding(
                .senders, .ok,
                "\(counted(accepted, "sender")) not refused yet\(more); `outboxd send-test` decides"
            )
        ]
    }

    /// - Returns: nil if the relay can't take such an address at all.
    private func ask(
        _ address: EmailAddress, _ talk: inout Talk
    ) throws(ConnectionLost) -> SMTPReply? {
        guard address.isASCII || connection.extensions.smtpUTF8 else { return nil }
        let parameter = address.isASCII ? "" : " SMTPUTF8"
        let reply = try talk.say("MAIL FROM:<\(address)>\(parameter)")
        if reply.code == 421 {
            throw ConnectionLost(reason: "the relay said \(reply.code) \(reply.text)")
        }
        _ = try talk.say("RSET")
        return reply
    }

    /// - Returns: nil if it is not refused.
    private func judge(_ reply: SMTPReply?, _ sender: SendersToTry.Entry) -> Finding? {
        guard let reply else {
            return Finding(
                .senders, .fail,
                "the relay can't take mail from \(sender.text): it does not offer SMTPUTF8")
        }
        guard !reply.isPositive else { return nil }
        let text = DeliveryError(stage: .mail, reply: reply).line
        guard reply.isPermanent else {
            return Finding(
                .senders, .warn, "the relay puts mail from \(sender.text) off: \(text)")
        }
        return Finding(
            .senders, .fail,
            "the relay refuses mail from \(sender.text): \(text); have it allow the address, or use "
                + "another")
    }
}

/// One command after the other, each with its reply.
private struct Talk {
    let connection: RelayConnection
    let timeout: Duration
    private var reader = ReplyReader()
    private var buffer = [UInt8](repeating: 0, count: 4_096)

    init(connection: RelayConnection, timeout: Duration) {
        self.connection = connection
        self.timeout = timeout
    }

    mutating func say(_ command: String) throws(ConnectionLost) -> SMTPReply {
        var rest = Array("\(command)\r\n".utf8)[...]
        while !rest.isEmpty {
            let count = try connection.send(rest)
            if count == 0 { try wait(writing: true) }
            rest = rest.dropFirst(count)
        }
        while true {
            switch reader.next() {
            case .reply(var reply):
                reply.text = connection.hidingSecrets(in: reply.text)
                return reply
            case .garbled(let said):
                let text = connection.hidingSecrets(in: said)
                throw ConnectionLost(reason: "the relay's answer is no SMTP reply: \(text)")
            case nil: try read()
            }
        }
    }

    private mutating func read() throws(ConnectionLost) {
        guard let count = try connection.receive(into: &buffer) else {
            return try wait(writing: false)
        }
        guard count > 0 else { throw ConnectionLost(reason: "the relay closed the connection") }
        reader.feed(buffer[..<count])
    }

    private func wait(writing: Bool) throws(ConnectionLost) {
        guard Waiting.poll([connection.socket], writing: writing, timeout: timeout) == [true] else {
            throw ConnectionLost(reason: "the relay was silent for \(TimeText.length(timeout))")
        }
    }
}
