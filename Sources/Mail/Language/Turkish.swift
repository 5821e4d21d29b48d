extension Phrases {
    static let turkish = Phrases(
        tag: "tr", plurals: .one,
        dates: DateStyle(
            months: [
                "Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara",
            ],
            pattern: "{d} {MMM} {y} {HH}:{mm}"),
        sizes: SizeStyle(decimalSeparator: ","),
        subject: "{} ile yazışmanız",
        subjectWithoutBrand: "Bizimle yazışmanız",
        operatorSubject: "{}: bir ziyaretçiyle yazışma",
        operatorSubjectWithoutBrand: "Bir ziyaretçiyle yazışma",
        support: "Destek",
        visitor: "Ziyaretçi",
        namedVisitor: "{} (ziyaretçi)",
        writtenAt: "Yazıldığı tarih: {}",
        writtenFrom: "Yazıldığı sayfa: {}",
        attachments: "Ekler",
        unnamedAttachment: "Ek",
        unlistedAttachments: "Ekleri yazışmada görebilirsiniz.",
        moreAttachments: Plural(
            one: "ve yazışmada {} ek daha", other: "ve yazışmada {} ek daha"),
        cut: "[Metin bir e-posta için çok uzun.]",
        cutWithLink: "[Metin bir e-posta için çok uzun. Tamamını okumak için yazışmayı açın.]",
        openConversation: "Yazışmayı aç",
        openDashboard: "Panelde aç",
        howToReply: "Cevap vermek için bu e-postayı yanıtlayın.",
        unsubscribe: "Abonelikten çık",
        reason: "Bu e-postayı {} ile yazıştığınız için aldınız.",
        reasonWithoutBrand: "Bu e-postayı bize yazdığınız için aldınız.",
        operatorReason: "Bu e-postayı {} için gelen mesajları yanıtladığınız için aldınız.",
        operatorReasonWithoutBrand:
            "Bu e-postayı ziyaretçilerin mesajlarını yanıtladığınız için aldınız.")
}
