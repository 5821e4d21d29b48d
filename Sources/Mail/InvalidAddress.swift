/// Why a text is no email address; `description` is the sentence shown with `invalid_address`.
package struct InvalidAddress: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: String, Error, Hashable, Sendable, CaseIterable {
        case empty = "it is empty"
        case tooLong = "it has more than 254 octets"
        case localPartTooLong = "there are more than 64 octets before the @"
        case control = "it contains a line break or another control character"
        case brackets = "only the address itself may stand here, without a name or angle brackets"
        case noAt = "there is no @ after the local part"
        case localPartEmpty = "nothing stands before the @"
        case localPartDots = "a dot stands at the start or end of the local part, or next to a dot"
        case localPartCharacter = "a character before the @ is not allowed there"
        case quotedString = "the quoted string before the @ is not well formed"
        case addressLiteral =
            "an address literal in square brackets is not taken, only a domain name"
        case domainEmpty = "nothing stands after the @"
        case labelEmpty = "a part of the domain is empty"
        case labelTooLong = "a part of the domain has more than 63 octets"
        case labelHyphen = "a part of the domain starts or ends with a hyphen"
        case domainCharacter = "a character after the @ is not allowed there"
    }

    package let reason: Reason
    /// What was given: cleaned, at most 100 characters.
    package let text: String

    init(_ reason: Reason, text: String) {
        self.reason = reason
        self.text = OneLine.clean(text, limit: 100)
    }

    package var description: String {
        reason == .empty
            ? "The email address is empty."
            : "“\(text)” is not a valid email address: \(reason.rawValue)."
    }
}
