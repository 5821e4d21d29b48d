extension Phrases {
    static let italian = Phrases(
        tag: "it", plurals: .one,
        dates: DateStyle(
            months: [
                "gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic",
            ],
            pattern: "{d} {MMM} {y}, {HH}:{mm}"),
        sizes: SizeStyle(decimalSeparator: ","),
        subject: "La sua conversazione con {}",
        subjectWithoutBrand: "La sua conversazione con noi",
        operatorSubject: "{}: conversazione con un visitatore",
        operatorSubjectWithoutBrand: "Conversazione con un visitatore",
        support: "Assistenza",
        visitor: "Visitatore",
        namedVisitor: "{} (visitatore)",
        writtenAt: "Data: {}",
        writtenFrom: "Scritto dalla pagina {}",
        attachments: "Allegati",
        unnamedAttachment: "Allegato",
        unlistedAttachments: "Ci sono allegati. Li trova nella conversazione.",
        moreAttachments: Plural(
            one: "e un altro nella conversazione", other: "e altri {} nella conversazione"),
        cut: "[Il testo è troppo lungo per un’e-mail.]",
        cutWithLink:
            "[Il testo è troppo lungo per un’e-mail. Apra la conversazione per leggerlo tutto.]",
        openConversation: "Apri la conversazione",
        openDashboard: "Apri nella dashboard",
        howToReply: "Può rispondere direttamente a questa e-mail.",
        unsubscribe: "Annulla l’iscrizione",
        reason: "Riceve questa e-mail perché ha contattato {}.",
        reasonWithoutBrand: "Riceve questa e-mail perché ci ha scritto.",
        operatorReason: "Riceve questa e-mail perché risponde ai messaggi per {}.",
        operatorReasonWithoutBrand:
            "Riceve questa e-mail perché risponde ai messaggi dei visitatori.")
}
