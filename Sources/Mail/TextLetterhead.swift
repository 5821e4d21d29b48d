/// What the text parts of a helpdesk's mails share.
struct TextLetterhead: Sendable {
    /// Behind the replies: a line before the link to the conversation.
    let link: Boilerplate
    let howToReply: Boilerplate
    let footer: Boilerplate

    init(_ words: HelpdeskWords) {
        let phrases = words.language.phrases
        link = Boilerplate("\(words.linkText)\(phrases.colon)\n")
        howToReply = Boilerplate("\(phrases.howToReply)\n")
        footer = Boilerplate(Self.footer(words))
    }

    /// Behind the mark by which clients know what is no part of the message (RFC 3676, section 4.3).
    private static func footer(_ words: HelpdeskWords) -> String {
        let lines = [words.brand, words.reason].compactMap(\.self) + words.footer
        return "-- \n" + lines.joined(separator: "\n") + "\n"
    }
}
