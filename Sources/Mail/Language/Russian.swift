extension Phrases {
    static let russian = Phrases(
        tag: "ru", plurals: .eastSlavic,
        dates: DateStyle(
            months: [
                "янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.",
                "нояб.", "дек.",
            ],
            pattern: "{d} {MMM} {y}\u{A0}г., {HH}:{mm}"),
        sizes: SizeStyle(units: ["Б", "кБ", "МБ", "ГБ", "ТБ"], decimalSeparator: ","),
        subject: "Ваша переписка с компанией {}",
        subjectWithoutBrand: "Ваша переписка с нами",
        operatorSubject: "Переписка с посетителем: {}",
        operatorSubjectWithoutBrand: "Переписка с посетителем",
        support: "Поддержка",
        visitor: "Посетитель",
        namedVisitor: "{} (посетитель)",
        writtenAt: "Написано {}",
        writtenFrom: "Написано на странице {}",
        attachments: "Вложения",
        unnamedAttachment: "Вложение",
        unlistedAttachments: "Есть вложения. Они доступны в переписке.",
        moreAttachments: Plural(
            one: "и ещё {} вложение в переписке", few: "и ещё {} вложения в переписке",
            many: "и ещё {} вложений в переписке"),
        cut: "[Текст слишком длинный для письма.]",
        cutWithLink:
            "[Текст слишком длинный для письма. Откройте переписку, чтобы прочитать его полностью.]",
        openConversation: "Открыть переписку",
        openDashboard: "Открыть в панели управления",
        howToReply: "Чтобы продолжить переписку, просто ответьте на это письмо.",
        unsubscribe: "Отписаться",
        reason: "Вы получили это письмо, потому что писали в компанию {}.",
        reasonWithoutBrand: "Вы получили это письмо, потому что писали нам.",
        operatorReason: "Вы получили это письмо, потому что отвечаете на обращения в компанию {}.",
        operatorReasonWithoutBrand:
            "Вы получили это письмо, потому что отвечаете на сообщения посетителей.")
}
