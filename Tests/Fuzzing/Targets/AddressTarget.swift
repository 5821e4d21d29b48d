import Delivery
import Engine
import TestSupport

@testable import Mail
@testable import SMTP

/// `recipient_email` and whatever else is an address: what is taken is one, and can't add anything to a command.
enum AddressTarget: FuzzTarget {
    static let name = "address"
    static let longest = 600
    static let words = [
        "@", ".", "-", "\"", "\\", "<", ">", "\r\n", "\0", " ", "xn--", "\u{2028}", "\u{85}", "ü",
        "example.test", ",", "(", "[", "\u{3002}", "\u{FF20}", String(repeating: "a", count: 63),
    ]

    static func check(_ input: [UInt8]) throws(Broken) {
        let text = String(decoding: input, as: UTF8.self)
        let trimmed = Self.trimmed(text)
        do {
            let address = try EmailAddress(text)
            try demand(AddressGrammar.isMailbox(trimmed), "took what is no address")
            try demand(address.description == trimmed, "kept it as \(address.description)")
            try checkTaken(address)
        } catch let refusal as InvalidAddress {
            try demand(!AddressGrammar.isMailbox(trimmed), "refused an address: \(refusal)")
            try checkSentence(refusal)
        } catch let broken as Broken {
            throw broken
        } catch {
            throw Broken("\(error)")
        }
        try checkMailbox(text)
        let normal = AddressText.normalized(text)
        try demand(AddressText.normalized(normal) == normal, "normal forms differ")
    }

    /// White space at both ends, as Unicode has it.
    private static func trimmed(_ text: String) -> String {
        var scalars = text[...].unicodeScalars
        while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return String(scalars)
    }

    private static func checkTaken(_ address: EmailAddress) throws(Broken) {
        let text = address.description
        try demand(address.localPart + "@" + address.domain == text, "its parts make another")
        try demand(address.isASCII == text.utf8.allSatisfy { $0 < 0x80 }, "isASCII is wrong")
        try checkCommands(text)
        guard let wire = address.onTheWire() else {
            return try demand(
                !address.domain.utf8.allSatisfy { $0 < 0x80 }, "an ASCII domain has no ASCII form")
        }
        try demand(
            wire.domain.utf8.allSatisfy { $0 < 0x80 } && wire.localPart == address.localPart,
            "its form for the wire is \(wire)")
        try demand(AddressGrammar.isMailbox(wire.description), "its form for the wire is none")
        try checkCommands(wire.description)
    }

    /// Three commands, whatever the address is.
    private static func checkCommands(_ address: String) throws(Broken) {
        try demand(Envelope.isSafe(address), "the dialogue does not take what the mail takes")
        let envelope = Envelope(from: address, recipient: address, size: 1)
        let plan = CommandPlan(
            envelope, extensions: RelayExtensions(ehloLines: []), resetFirst: false)
        try demand(!plan.bytes.contains(0), "a NUL in a command")
        let lines = try MIMEReader.lines(of: plan.bytes, limit: 512)
            .map { String(decoding: $0, as: UTF8.self) }
        try demand(
            lines == ["MAIL FROM:<\(address)>", "RCPT TO:<\(address)>", "DATA", ""],
            "the commands are \(lines)")
    }

    private static func checkSentence(_ refusal: InvalidAddress) throws(Broken) {
        let sentence = refusal.description.unicodeScalars
        try demand(sentence.count <= 250, "a sentence of \(sentence.count) characters")
        try demand(!sentence.contains(where: AddressGrammar.isControl), "a sentence with controls")
    }

    /// What a setting holds: `Name <address>`.
    private static func checkMailbox(_ text: String) throws(Broken) {
        guard let mailbox = try? Mailbox(parsing: text) else { return }
        let address = mailbox.address.description
        try demand(AddressGrammar.isMailbox(address), "a mailbox of no address")
        guard let name = mailbox.name else { return }
        try demand(
            !name.isEmpty && name.unicodeScalars.count <= 100
                && !name.unicodeScalars.contains(where: AddressGrammar.isControl),
            "a mailbox with the name \(name)")
        // By scalars: a character may be a backslash with a joiner behind it.
        let quoted = name.unicodeScalars.map {
            "\\\"".unicodeScalars.contains($0) ? "\\\($0)" : "\($0)"
        }
        .joined()
        let again = try? Mailbox(parsing: "\"\(quoted)\" <\(address)>")
        try demand(again == mailbox, "written anew it is \(String(describing: again))")
    }
}
