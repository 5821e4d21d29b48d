extension Phrases {
    static let hebrew = Phrases(
        tag: "he", isRightToLeft: true, plurals: .hebrew,
        dates: DateStyle(
            months: [
                "בינו׳", "בפבר׳", "במרץ", "באפר׳", "במאי", "ביוני", "ביולי", "באוג׳", "בספט׳",
                "באוק׳", "בנוב׳", "בדצמ׳",
            ],
            pattern: "{d} {MMM} {y}, {H}:{mm}"),
        subject: "השיחה שלך עם {}",
        subjectWithoutBrand: "השיחה שלך איתנו",
        operatorSubject: "שיחה ב־{}",
        operatorSubjectWithoutBrand: "שיחה עם מבקר",
        support: "תמיכה",
        visitor: "מבקר",
        namedVisitor: "{} (מבקר)",
        writtenAt: "נכתב ב־{}",
        writtenFrom: "נכתב בדף {}",
        attachments: "קבצים מצורפים",
        unnamedAttachment: "קובץ מצורף",
        unlistedAttachments: "יש קבצים מצורפים. אפשר לראות אותם בשיחה.",
        moreAttachments: Plural(
            one: "ועוד קובץ אחד בשיחה", two: "ועוד שני קבצים בשיחה", other: "ועוד {} קבצים בשיחה"),
        cut: "[הטקסט ארוך מדי להודעת דוא״ל.]",
        cutWithLink: "[הטקסט ארוך מדי להודעת דוא״ל. אפשר לפתוח את השיחה כדי לקרוא את כולו.]",
        openConversation: "לפתיחת השיחה",
        openDashboard: "לפתיחה בלוח הבקרה",
        howToReply: "כדי לענות, אפשר להשיב להודעה זו.",
        unsubscribe: "ביטול קבלת הודעות",
        reason: "קיבלת הודעה זו כי כתבת אל {}.",
        reasonWithoutBrand: "קיבלת הודעה זו כי כתבת אלינו.",
        operatorReason: "קיבלת הודעה זו כי באחריותך לענות להודעות אל {}.",
        operatorReasonWithoutBrand: "קיבלת הודעה זו כי באחריותך לענות להודעות של מבקרים.")
}
