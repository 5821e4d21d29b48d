extension Phrases {
    static let polish = Phrases(
        tag: "pl", plurals: .polish,
        dates: DateStyle(
            months: [
                "sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru",
            ],
            pattern: "{d} {MMM} {y}, {HH}:{mm}"),
        sizes: SizeStyle(decimalSeparator: ","),
        subject: "Twoja rozmowa z firmą {}",
        subjectWithoutBrand: "Twoja rozmowa z nami",
        operatorSubject: "{}: rozmowa z odwiedzającym",
        operatorSubjectWithoutBrand: "Rozmowa z odwiedzającym",
        support: "Obsługa klienta",
        visitor: "Odwiedzający",
        namedVisitor: "{} (odwiedzający)",
        writtenAt: "Napisano {}",
        writtenFrom: "Napisano na stronie {}",
        attachments: "Załączniki",
        unnamedAttachment: "Załącznik",
        unlistedAttachments: "Załączniki znajdziesz w rozmowie.",
        moreAttachments: Plural(
            one: "i jeszcze {} w rozmowie", few: "i jeszcze {} w rozmowie",
            many: "i jeszcze {} w rozmowie"),
        cut: "[Tekst jest za długi na e-mail.]",
        cutWithLink: "[Tekst jest za długi na e-mail. Otwórz rozmowę, aby przeczytać całość.]",
        openConversation: "Otwórz rozmowę",
        openDashboard: "Otwórz w panelu",
        howToReply: "Aby odpowiedzieć, odpisz na tę wiadomość.",
        unsubscribe: "Zrezygnuj z powiadomień",
        reason: "Otrzymujesz tę wiadomość, ponieważ prowadzisz rozmowę z firmą {}.",
        reasonWithoutBrand: "Otrzymujesz tę wiadomość, ponieważ prowadzisz z nami rozmowę.",
        operatorReason:
            "Otrzymujesz tę wiadomość, ponieważ odpowiadasz na wiadomości do firmy {}.",
        operatorReasonWithoutBrand:
            "Otrzymujesz tę wiadomość, ponieważ odpowiadasz na wiadomości odwiedzających.")
}
