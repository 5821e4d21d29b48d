extension Phrases {
    static let dutch = Phrases(
        tag: "nl", plurals: .one,
        dates: DateStyle(
            months: [
                "jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec",
            ],
            pattern: "{d} {MMM} {y}, {HH}:{mm}"),
        sizes: SizeStyle(decimalSeparator: ","),
        subject: "Uw gesprek met {}",
        subjectWithoutBrand: "Uw gesprek met ons",
        operatorSubject: "{}: gesprek met een bezoeker",
        operatorSubjectWithoutBrand: "Gesprek met een bezoeker",
        support: "Klantenservice",
        visitor: "Bezoeker",
        namedVisitor: "{} (bezoeker)",
        writtenAt: "Geschreven op {}",
        writtenFrom: "Geschreven op de pagina {}",
        attachments: "Bijlagen",
        unnamedAttachment: "Bijlage",
        unlistedAttachments: "Er zijn bijlagen. U vindt ze in het gesprek.",
        moreAttachments: Plural(
            one: "en nog één in het gesprek", other: "en nog {} in het gesprek"),
        cut: "[De tekst is te lang voor een e-mail.]",
        cutWithLink:
            "[De tekst is te lang voor een e-mail. Open het gesprek om alles te lezen.]",
        openConversation: "Gesprek openen",
        openDashboard: "Openen in het dashboard",
        howToReply: "U kunt antwoorden door op deze e-mail te reageren.",
        unsubscribe: "Afmelden",
        reason: "U ontvangt deze e-mail omdat u een bericht aan {} hebt gestuurd.",
        reasonWithoutBrand: "U ontvangt deze e-mail omdat u ons een bericht hebt gestuurd.",
        operatorReason: "U ontvangt deze e-mail omdat u berichten aan {} beantwoordt.",
        operatorReasonWithoutBrand:
            "U ontvangt deze e-mail omdat u berichten van bezoekers beantwoordt.")
}
