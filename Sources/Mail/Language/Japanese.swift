extension Phrases {
    static let japanese = Phrases(
        tag: "ja", plurals: .none,
        dates: DateStyle(pattern: "{y}年{M}月{d}日 {H}:{mm}"),
        subject: "{}とのお問い合わせ",
        subjectWithoutBrand: "お問い合わせについて",
        operatorSubject: "{}へのお問い合わせ",
        operatorSubjectWithoutBrand: "訪問者からのお問い合わせ",
        support: "サポート",
        visitor: "訪問者",
        namedVisitor: "{}（訪問者）",
        writtenAt: "{}に書かれたメッセージ",
        writtenFrom: "送信元のページ: {}",
        attachments: "添付ファイル",
        unnamedAttachment: "添付ファイル",
        unlistedAttachments: "添付ファイルがあります。お問い合わせのページでご確認ください。",
        moreAttachments: Plural(other: "ほか{}件（お問い合わせのページに表示）"),
        cut: "［本文が長すぎるため、メールではすべて表示できません。］",
        cutWithLink:
            "［本文が長すぎるため、メールではすべて表示できません。続きはお問い合わせのページでご覧ください。］",
        openConversation: "お問い合わせを開く",
        openDashboard: "ダッシュボードで開く",
        howToReply: "ご返信は、このメールへの返信でお送りいただけます。",
        unsubscribe: "配信を停止",
        reason: "{}へお問い合わせいただいたため、このメールをお送りしています。",
        reasonWithoutBrand: "お問い合わせいただいたため、このメールをお送りしています。",
        operatorReason: "{}へのお問い合わせのご担当者にお送りしています。",
        operatorReasonWithoutBrand: "訪問者からのお問い合わせのご担当者にお送りしています。")
}
