extension Phrases {
    static let arabic = Phrases(
        tag: "ar", isRightToLeft: true, plurals: .arabic,
        dates: DateStyle(
            months: [
                "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر",
                "أكتوبر", "نوفمبر", "ديسمبر",
            ],
            dayPeriods: ["ص", "م"], pattern: "{d} {MMM} {y}، {h}:{mm} {a}"),
        sizes: SizeStyle(units: ["بايت", "كيلوبايت", "ميغابايت", "غيغابايت", "تيرابايت"]),
        comma: "، ",
        subject: "محادثتك مع {}",
        subjectWithoutBrand: "محادثتك معنا",
        operatorSubject: "محادثة مع أحد زوار {}",
        operatorSubjectWithoutBrand: "محادثة مع زائر",
        support: "الدعم",
        visitor: "زائر",
        namedVisitor: "{} (زائر)",
        writtenAt: "كُتبت في {}",
        writtenFrom: "أُرسلت من الصفحة {}",
        attachments: "المرفقات",
        unnamedAttachment: "مرفق",
        unlistedAttachments: "توجد مرفقات. يمكنك الاطلاع عليها في المحادثة.",
        moreAttachments: Plural(
            zero: "ولا مرفقات أخرى في المحادثة", one: "ومرفق آخر في المحادثة",
            two: "ومرفقان آخران في المحادثة", few: "و{} مرفقات أخرى في المحادثة",
            many: "و{} مرفقًا آخر في المحادثة", other: "و{} مرفق آخر في المحادثة"),
        cut: "[النص أطول من أن تتسع له رسالة بريد إلكتروني.]",
        cutWithLink:
            "[النص أطول من أن تتسع له رسالة بريد إلكتروني. يمكنك فتح المحادثة لقراءته كاملًا.]",
        openConversation: "فتح المحادثة",
        openDashboard: "فتح في لوحة التحكم",
        howToReply: "يمكنك الرد مباشرةً على هذه الرسالة.",
        unsubscribe: "إلغاء الاشتراك",
        reason: "تصلك هذه الرسالة لأنك راسلت {}.",
        reasonWithoutBrand: "تصلك هذه الرسالة لأنك راسلتنا.",
        operatorReason: "تصلك هذه الرسالة لأنك ضمن فريق الرد على الرسائل الموجهة إلى {}.",
        operatorReasonWithoutBrand: "تصلك هذه الرسالة لأنك ضمن فريق الرد على رسائل الزوار.")
}
