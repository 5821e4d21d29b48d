extension Dialogue {
    /// Why a mail can't go out at all.
    struct Obstacle: Error {
        var text: String
    }

    /// The message as it goes over the wire, or what stands against it.
    static func prepare(
        _ envelope: Envelope, message: SurveyedMessage, extensions: RelayExtensions
    ) -> Result<[UInt8], Obstacle> {
        if let text = obstacle(envelope, extensions) { return .failure(Obstacle(text: text)) }
        do {
            return .success(try MessageContent(message).bytes)
        } catch {
            return .failure(Obstacle(text: error.text))
        }
    }

    private static func obstacle(_ envelope: Envelope, _ extensions: RelayExtensions) -> String? {
        guard envelope.from.isEmpty || Envelope.isSafe(envelope.from) else {
            return "the envelope sender can't stand in a MAIL command"
        }
        guard Envelope.isSafe(envelope.recipient) else {
            return "the recipient's address can't stand in a RCPT command"
        }
        if envelope.needsSMTPUTF8, !extensions.smtpUTF8 {
            return "the mail needs SMTPUTF8, which the relay does not offer"
        }
        if case .octets(let limit) = extensions.size, envelope.size > limit {
            return "the mail has \(envelope.size) octets, and the relay takes \(limit) at most"
        }
        return nil
    }
}
