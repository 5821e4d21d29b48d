extension Phrases {
    static let portuguese = Phrases(
        tag: "pt", plurals: .zeroAndOne,
        dates: DateStyle(
            months: [
                "jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.",
                "nov.", "dez.",
            ],
            pattern: "{d} de {MMM} de {y}, {HH}:{mm}"),
        sizes: SizeStyle(decimalSeparator: ","),
        subject: "Sua conversa com {}",
        subjectWithoutBrand: "Sua conversa conosco",
        operatorSubject: "Conversa em {}",
        operatorSubjectWithoutBrand: "Conversa com um visitante",
        support: "Suporte",
        visitor: "Visitante",
        namedVisitor: "{} (visitante)",
        writtenAt: "Escrito em {}",
        writtenFrom: "Escrito na página {}",
        attachments: "Anexos",
        unnamedAttachment: "Anexo",
        unlistedAttachments: "Há anexos. Veja-os na conversa.",
        moreAttachments: Plural(one: "e mais {} na conversa", other: "e mais {} na conversa"),
        cut: "[O texto é longo demais para um e-mail.]",
        cutWithLink: "[O texto é longo demais para um e-mail. Abra a conversa para ler tudo.]",
        openConversation: "Abrir a conversa",
        openDashboard: "Abrir no painel",
        howToReply: "Para responder, basta responder a este e-mail.",
        unsubscribe: "Cancelar inscrição",
        reason: "Você recebeu este e-mail porque escreveu para {}.",
        reasonWithoutBrand: "Você recebeu este e-mail porque escreveu para nós.",
        operatorReason: "Você recebeu este e-mail porque responde às mensagens enviadas a {}.",
        operatorReasonWithoutBrand:
            "Você recebeu este e-mail porque responde às mensagens dos visitantes.")
}
