import Delivery

/// The commands of one mail up to DATA, as bytes, and where each of them ends.
struct CommandPlan: Sendable {
    enum Step: Sendable {
        case reset, mail, rcpt, data

        /// RSET has no stage of its own: it opens the way for MAIL.
        var stage: Stage {
            switch self {
            case .reset, .mail: .mail
            case .rcpt: .rcpt
            case .data: .data
            }
        }
    }

    private(set) var bytes: [UInt8] = []
    private(set) var steps: [Step] = []
    /// `ends[n]` is where the command of `steps[n]` ends in `bytes`.
    private(set) var ends: [Int] = []

    init(_ envelope: Envelope, extensions: RelayExtensions, resetFirst: Bool) {
        bytes.reserveCapacity(128 + envelope.from.utf8.count + envelope.recipient.utf8.count)
        if resetFirst { append(.reset, "RSET") }
        append(.mail, "MAIL FROM:<", envelope.from, ">", Self.parameters(envelope, extensions))
        append(.rcpt, "RCPT TO:<", envelope.recipient, ">")
        append(.data, "DATA")
    }

    /// What MAIL says of the message; only what the relay offers.
    private static func parameters(_ envelope: Envelope, _ extensions: RelayExtensions) -> String {
        var parameters = ""
        if extensions.size != .notOffered { parameters += " SIZE=\(envelope.size)" }
        if envelope.needsSMTPUTF8 {
            if extensions.eightBitMIME { parameters += " BODY=8BITMIME" }
            parameters += " SMTPUTF8"
        }
        return parameters
    }

    private mutating func append(_ step: Step, _ words: String...) {
        for word in words { bytes.append(contentsOf: word.utf8) }
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
        steps.append(step)
        ends.append(bytes.count)
    }
}
