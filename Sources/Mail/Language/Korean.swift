extension Phrases {
    static let korean = Phrases(
        tag: "ko", plurals: .none,
        dates: DateStyle(
            dayPeriods: ["오전", "오후"], pattern: "{y}년 {M}월 {d}일 {a} {h}:{mm}"),
        subject: "{}에 문의하신 내용에 대한 안내",
        subjectWithoutBrand: "문의하신 내용에 대한 안내",
        operatorSubject: "{} 방문자와의 대화",
        operatorSubjectWithoutBrand: "방문자와의 대화",
        support: "고객지원",
        visitor: "방문자",
        namedVisitor: "{}(방문자)",
        writtenAt: "작성 일시: {}",
        writtenFrom: "작성한 페이지: {}",
        attachments: "첨부 파일",
        unnamedAttachment: "첨부 파일",
        unlistedAttachments: "첨부 파일이 있습니다. 대화에서 확인해 주세요.",
        moreAttachments: Plural(other: "외 {}개(대화에서 확인)"),
        cut: "[내용이 길어 이메일에 모두 표시하지 못했습니다.]",
        cutWithLink: "[내용이 길어 이메일에 모두 표시하지 못했습니다. 대화를 열어 전체 내용을 확인해 주세요.]",
        openConversation: "대화 열기",
        openDashboard: "대시보드에서 열기",
        howToReply: "이 이메일에 바로 회신하시면 됩니다.",
        unsubscribe: "수신 거부",
        reason: "{}에 문의하셨기 때문에 이 이메일을 보내 드립니다.",
        reasonWithoutBrand: "문의하셨기 때문에 이 이메일을 보내 드립니다.",
        operatorReason: "{}에 접수된 메시지를 담당하고 계셔서 이 이메일을 보내 드립니다.",
        operatorReasonWithoutBrand: "방문자 메시지를 담당하고 계셔서 이 이메일을 보내 드립니다.")
}
