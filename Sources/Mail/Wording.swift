/// What a mail says besides what people wrote.
///
/// English; other languages and templates take this place later.
enum Wording {
    static let unnamedAttachment = "Attachment"
    static let attachments = "Attachments:"
    static let unlistedAttachments = "There are attachments: see them in the conversation."
    static let openConversation = "Open the conversation"
    static let page = "Written on:"

    static func moreAttachments(_ count: Int) -> String {
        "and \(count) more in the conversation"
    }

    /// Follows a text that was cut.
    static func cut(hasLink: Bool) -> String {
        hasLink
            ? "[The text is longer than fits a mail. Read all of it in the conversation, linked below.]"
            : "[The text is longer than fits a mail.]"
    }

    /// The same for every mail of a conversation, since some clients build threads by it.
    static func subject(_ audience: Audience, helpdesk: String?) -> String {
        switch (audience, helpdesk) {
        case (.visitor, let helpdesk?): "Your conversation with \(helpdesk)"
        case (.visitor, nil): "Your conversation with us"
        case (.operator, let helpdesk?): "Conversation in \(helpdesk)"
        case (.operator, nil): "Conversation with a visitor"
        }
    }

    /// Stands in for an author without a name.
    static func author(_ audience: Audience, helpdesk: String?) -> String {
        switch audience {
        case .visitor: helpdesk ?? "Support"
        case .operator: "Visitor"
        }
    }

    /// What the reader can do, before the link; nil if there is nothing to say.
    static func howToAnswer(canReply: Bool, hasLink: Bool) -> String? {
        switch (canReply, hasLink) {
        case (true, true): "To answer, reply to this mail or open the conversation:"
        case (true, false): "To answer, reply to this mail."
        case (false, true): "To read on or answer, open the conversation:"
        case (false, false): nil
        }
    }

    static func footer(_ audience: Audience, helpdesk: String) -> String {
        switch audience {
        case .visitor: "\(helpdesk) sent you this because there is news in your conversation."
        case .operator: "You get this as an operator of \(helpdesk)."
        }
    }
}
