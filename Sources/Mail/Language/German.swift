extension Phrases {
    static let german = Phrases(
        tag: "de", plurals: .one,
        dates: DateStyle(
            months: [
                "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.",
                "Nov.", "Dez.",
            ],
            pattern: "{d}. {MMM} {y}, {HH}:{mm}", zones: .german),
        sizes: SizeStyle(decimalSeparator: ","),
        subject: "Ihre Unterhaltung mit {}",
        subjectWithoutBrand: "Ihre Unterhaltung mit uns",
        operatorSubject: "Unterhaltung bei {}",
        operatorSubjectWithoutBrand: "Unterhaltung mit einem Besucher",
        support: "Support",
        visitor: "Besucher",
        namedVisitor: "{} (Besucher)",
        writtenAt: "Geschrieben am {}",
        writtenFrom: "Geschrieben auf der Seite {}",
        attachments: "Anhänge",
        unnamedAttachment: "Anhang",
        unlistedAttachments: "Die Anhänge finden Sie in der Unterhaltung.",
        moreAttachments: Plural(
            one: "und ein weiterer in der Unterhaltung", other: "und {} weitere in der Unterhaltung"
        ),
        cut: "[Der Text ist zu lang für eine E-Mail.]",
        cutWithLink:
            "[Der Text ist zu lang für eine E-Mail. Öffnen Sie die Unterhaltung, um alles zu lesen.]",
        openConversation: "Unterhaltung öffnen",
        openDashboard: "Im Dashboard öffnen",
        howToReply: "Sie können direkt auf diese E-Mail antworten.",
        unsubscribe: "Abbestellen",
        reason: "Sie erhalten diese E-Mail, weil Sie an {} geschrieben haben.",
        reasonWithoutBrand: "Sie erhalten diese E-Mail, weil Sie uns geschrieben haben.",
        operatorReason: "Sie erhalten diese E-Mail, weil Sie Nachrichten an {} beantworten.",
        operatorReasonWithoutBrand:
            "Sie erhalten diese E-Mail, weil Sie Nachrichten von Besuchern beantworten.")
}
