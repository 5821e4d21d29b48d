extension Phrases {
    static let ukrainian = Phrases(
        tag: "uk", plurals: .eastSlavic,
        dates: DateStyle(
            months: [
                "січ.", "лют.", "бер.", "квіт.", "трав.", "черв.", "лип.", "серп.", "вер.", "жовт.",
                "лист.", "груд.",
            ],
            pattern: "{d} {MMM} {y}\u{A0}р., {HH}:{mm}"),
        sizes: SizeStyle(units: ["Б", "кБ", "МБ", "ГБ", "ТБ"], decimalSeparator: ","),
        subject: "Ваше листування з компанією {}",
        subjectWithoutBrand: "Ваше листування з нами",
        operatorSubject: "Листування з відвідувачем: {}",
        operatorSubjectWithoutBrand: "Листування з відвідувачем",
        support: "Підтримка",
        visitor: "Відвідувач",
        namedVisitor: "{} (відвідувач)",
        writtenAt: "Написано {}",
        writtenFrom: "Написано на сторінці {}",
        attachments: "Вкладення",
        unnamedAttachment: "Вкладення",
        unlistedAttachments: "Є вкладення. Ви знайдете їх у листуванні.",
        moreAttachments: Plural(
            one: "і ще {} вкладення в листуванні", few: "і ще {} вкладення в листуванні",
            many: "і ще {} вкладень у листуванні"),
        cut: "[Текст задовгий для листа.]",
        cutWithLink:
            "[Текст задовгий для листа. Відкрийте листування, щоб прочитати його повністю.]",
        openConversation: "Відкрити листування",
        openDashboard: "Відкрити в панелі керування",
        howToReply: "Щоб продовжити листування, просто дайте відповідь на цей лист.",
        unsubscribe: "Відписатися",
        reason: "Ви отримали цей лист, тому що писали до компанії {}.",
        reasonWithoutBrand: "Ви отримали цей лист, тому що писали нам.",
        operatorReason: "Ви отримали цей лист, тому що відповідаєте на звернення до компанії {}.",
        operatorReasonWithoutBrand:
            "Ви отримали цей лист, тому що відповідаєте на повідомлення відвідувачів.")
}
