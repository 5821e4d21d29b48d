extension Phrases {
    static let english = Phrases(
        tag: "en", plurals: .one,
        dates: DateStyle(
            months: [
                "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
            ],
            dayPeriods: ["AM", "PM"], pattern: "{MMM} {d}, {y}, {h}:{mm} {a}",
            zones: .english),
        subject: "Your conversation with {}",
        subjectWithoutBrand: "Your conversation with us",
        operatorSubject: "{}: conversation with a visitor",
        operatorSubjectWithoutBrand: "Conversation with a visitor",
        support: "Support",
        visitor: "Visitor",
        namedVisitor: "{} (visitor)",
        writtenAt: "Written on {}",
        writtenFrom: "Sent from the page {}",
        attachments: "Attachments",
        unnamedAttachment: "Attachment",
        unlistedAttachments: "This message has attachments. You can see them in the conversation.",
        moreAttachments: Plural(
            one: "and one more in the conversation", other: "and {} more in the conversation"),
        cut: "[This message is too long to show in full in this email.]",
        cutWithLink:
            "[This message is too long to show in full in this email. Open the conversation to read the rest.]",
        openConversation: "Open the conversation",
        openDashboard: "Open in the dashboard",
        howToReply: "You can reply directly to this email.",
        unsubscribe: "Unsubscribe",
        reason: "You get this because you wrote to {}.",
        reasonWithoutBrand: "You get this because you wrote to us.",
        operatorReason: "You get this because you answer messages sent to {}.",
        operatorReasonWithoutBrand:
            "You get this because you answer visitors’ messages.")
}
