extension Phrases {
    static let spanish = Phrases(
        tag: "es", plurals: .one,
        dates: DateStyle(
            months: [
                "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic",
            ],
            pattern: "{d} {MMM} {y}, {H}:{mm}"),
        sizes: SizeStyle(decimalSeparator: ","),
        subject: "Su conversación con {}",
        subjectWithoutBrand: "Su conversación con nosotros",
        operatorSubject: "Conversación con un visitante ({})",
        operatorSubjectWithoutBrand: "Conversación con un visitante",
        support: "Soporte",
        visitor: "Visitante",
        namedVisitor: "{} (visitante)",
        writtenAt: "Escrito el {}",
        writtenFrom: "Escrito en la página {}",
        attachments: "Archivos adjuntos",
        unnamedAttachment: "Archivo adjunto",
        unlistedAttachments: "Hay archivos adjuntos. Puede verlos en la conversación.",
        moreAttachments: Plural(
            one: "y uno más en la conversación", other: "y {} más en la conversación"),
        cut: "[El texto es demasiado largo para un correo.]",
        cutWithLink:
            "[El texto es demasiado largo para un correo. Abra la conversación para leerlo completo.]",
        openConversation: "Abrir la conversación",
        openDashboard: "Abrir en el panel",
        howToReply: "Puede responder directamente a este correo.",
        unsubscribe: "Dejar de recibir estos correos",
        reason: "Recibe este correo porque escribió a {}.",
        reasonWithoutBrand: "Recibe este correo porque nos escribió.",
        operatorReason: "Recibe este correo porque atiende los mensajes dirigidos a {}.",
        operatorReasonWithoutBrand:
            "Recibe este correo porque atiende los mensajes de los visitantes.")
}
