extension Phrases {
    static let french = Phrases(
        tag: "fr", plurals: .zeroAndOne,
        dates: DateStyle(
            months: [
                "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
                "nov.", "déc.",
            ],
            firstDay: "1er", pattern: "{d} {MMM} {y} à {HH}:{mm}"),
        sizes: SizeStyle(
            units: ["o", "ko", "Mo", "Go", "To"], decimalSeparator: ",", space: "\u{A0}"),
        colon: "\u{A0}:",
        subject: "Votre conversation avec {}",
        subjectWithoutBrand: "Votre conversation avec notre équipe",
        operatorSubject: "Conversation avec un visiteur ({})",
        operatorSubjectWithoutBrand: "Conversation avec un visiteur",
        support: "Assistance",
        visitor: "Visiteur",
        namedVisitor: "{} (visiteur)",
        writtenAt: "Message du {}",
        writtenFrom: "Message envoyé depuis la page {}",
        attachments: "Pièces jointes",
        unnamedAttachment: "Pièce jointe",
        unlistedAttachments:
            "Il y a des pièces jointes. Vous les trouverez dans la conversation.",
        moreAttachments: Plural(
            one: "et {} autre dans la conversation", other: "et {} autres dans la conversation"),
        cut: "[Le texte est trop long pour un e-mail.]",
        cutWithLink:
            "[Le texte est trop long pour un e-mail. Ouvrez la conversation pour le lire en entier.]",
        openConversation: "Ouvrir la conversation",
        openDashboard: "Ouvrir dans le tableau de bord",
        howToReply: "Vous pouvez répondre directement à cet e-mail.",
        unsubscribe: "Se désabonner",
        reason: "Vous recevez cet e-mail parce que vous avez contacté {}.",
        reasonWithoutBrand: "Vous recevez cet e-mail parce que vous nous avez contactés.",
        operatorReason:
            "Vous recevez cet e-mail parce que vous répondez aux messages reçus par {}.",
        operatorReasonWithoutBrand:
            "Vous recevez cet e-mail parce que vous répondez aux messages des visiteurs.")
}
