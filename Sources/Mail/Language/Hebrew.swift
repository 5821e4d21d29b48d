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
        operatorSubject: "שיחה עם מבקר באתר – {}",
        operatorSubjectWithoutBrand: "שיחה עם מבקר באתר",
        support: "תמיכה",
        visitor: "מבקר/ת באתר",
        namedVisitor: "{} (מבקר/ת באתר)",
        writtenAt: "נכתב: {}",
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
        howToReply: "אפשר להשיב ישירות להודעה זו.",
        unsubscribe: "ביטול קבלת הודעות",
        reason: "קיבלת הודעה זו כי פנית אל {}.",
        reasonWithoutBrand: "קיבלת הודעה זו כי פנית אלינו.",
        operatorReason: "קיבלת הודעה זו כחלק מהצוות שעונה לפניות אל {}.",
        operatorReasonWithoutBrand: "קיבלת הודעה זו כחלק מהצוות שעונה לפניות של מבקרים באתר.")
}
