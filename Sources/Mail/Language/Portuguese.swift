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
        subjectWithoutBrand: "Sua conversa com o suporte",
        operatorSubject: "Conversa com um visitante ({})",
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
        howToReply: "Basta responder a este e-mail para continuar a conversa.",
        unsubscribe: "Deixar de receber estes e-mails",
        reason: "Este e-mail foi enviado por causa da sua conversa com {}.",
        reasonWithoutBrand: "Este e-mail foi enviado por causa da sua conversa com o suporte.",
        operatorReason: "Este e-mail é enviado a quem responde às mensagens para {}.",
        operatorReasonWithoutBrand:
            "Este e-mail é enviado a quem responde às mensagens dos visitantes.")
}
