extension Phrases {
    static let english = Phrases(
        tag: "en", plurals: .one,
        dates: DateStyle(
            months: [
                "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
            ],
            dayPeriods: ["AM", "PM"], pattern: "{MMM} {d}, {y}, {h}:{mm} {a}"),
        subject: "Your conversation with {}",
        subjectWithoutBrand: "Your conversation with us",
        operatorSubject: "Conversation in {}",
        operatorSubjectWithoutBrand: "Conversation with a visitor",
        support: "Support",
        visitor: "Visitor",
        namedVisitor: "{} (visitor)",
        writtenAt: "Written on {}",
        writtenFrom: "Written on the page {}",
        attachments: "Attachments",
        unnamedAttachment: "Attachment",
        unlistedAttachments: "There are attachments. See them in the conversation.",
        moreAttachments: Plural(
            one: "and one more in the conversation", other: "and {} more in the conversation"),
        cut: "[The text is longer than fits in an email.]",
        cutWithLink:
            "[The text is longer than fits in an email. Open the conversation to read all of it.]",
        openConversation: "Open the conversation",
        openDashboard: "Open in the dashboard",
        howToReply: "To answer, reply to this email.",
        unsubscribe: "Unsubscribe",
        reason: "You get this because you wrote to {}.",
        reasonWithoutBrand: "You get this because you wrote to us.",
        operatorReason: "You get this because you answer messages to {}.",
        operatorReasonWithoutBrand: "You get this because you answer visitors' messages.")
}
