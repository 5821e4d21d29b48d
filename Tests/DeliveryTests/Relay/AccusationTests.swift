import Delivery
import Testing

/// The table of ``Accusation``, line by line.
@Suite struct AccusationTests {
    static let ofMail = Accusation(mail: 1, sender: "a@a.test", helpdeskID: "h")
    static let ofSender = Accusation(
        mail: 1, sender: "a@a.test", helpdeskID: "h", isOfSender: true)

    static let ofBoth = Accusation(
        mail: 1, sender: "a@a.test", helpdeskID: "h", isOfSender: true, others: ["b@b.test"])
    static let ofMails = Accusation(mails: [1, 2], sender: "a@a.test", helpdeskID: "h")
    static let ofThree = Accusation(mails: [1, 2, 3], sender: "a@a.test", helpdeskID: "h")
    static let ofMany = Accusation(
        mails: (1...Int64(Accusation.mostMails)).map { $0 }, sender: "a@a.test", helpdeskID: "h")
    static let ofMixedMails = Accusation(
        mails: [1, 2, 3], sender: "a@a.test", helpdeskID: "h", others: ["b@b.test"])
    static let ofManyMixed = Accusation(
        mails: (1...Int64(Accusation.mostMails)).map { $0 }, sender: "a@a.test", helpdeskID: "h",
        others: ["b@b.test"])
    static let ofManyOfNine = Accusation(
        mails: (1...Int64(Accusation.mostMails)).map { $0 }, sender: "a@a.test", helpdeskID: "h",
        others: ["b", "c", "d", "e", "f", "g", "h", "i"].map { "\($0)@\($0).test" })
    static let ofEight = Accusation(
        mail: 1, sender: "a@a.test", helpdeskID: "h", isOfSender: true,
        others: ["b", "c", "d", "e", "f", "g", "h"].map { "\($0)@\($0).test" })

    @Test(
        arguments: [
            (ofMail, 1, "a@a.test", ofMail), (ofMail, 2, "a@a.test", ofSender),
            (ofMail, 2, "b@b.test", ofBoth), (ofSender, 1, "a@a.test", ofSender),
            (ofSender, 3, "a@a.test", ofSender), (ofSender, 2, "b@b.test", ofBoth),
            (ofBoth, 3, "b@b.test", ofBoth), (ofBoth, 3, "a@a.test", ofBoth),
            (ofEight, 9, "b@b.test", ofEight), (ofEight, 9, "z@z.test", nil),
            (ofMails, 2, "a@a.test", ofMails), (ofMails, 3, "a@a.test", ofThree),
            (ofMails, 3, "b@b.test", ofMixedMails), (ofMany, 5, "a@a.test", ofMany),
            (ofMany, 99, "a@a.test", ofSender), (ofMany, 99, "b@b.test", ofBoth),
            (ofManyMixed, 99, "b@b.test", ofBoth), (ofManyOfNine, 99, "a@a.test", nil),
            (ofManyOfNine, 32, "z@z.test", ofManyOfNine), (ofManyOfNine, 99, "z@z.test", nil),
        ] as [(Accusation, Int64, String, Accusation?)])
    func `what a probe in trouble makes of it`(
        accusation: Accusation, mail: Int64, sender: String, expected: Accusation?
    ) {
        #expect(accusation.confirmed(by: mail, sender: sender) == expected)
    }

    @Test(
        arguments: [
            (ofMail, 1, "a@a.test", false), (ofMail, 2, "a@a.test", true),
            (ofMail, 2, "b@b.test", true), (ofSender, 2, "a@a.test", false),
            (ofSender, 2, "b@b.test", true), (ofBoth, 2, "b@b.test", false),
            (ofBoth, 2, "c@c.test", true), (ofMails, 2, "a@a.test", false),
            (ofMails, 3, "a@a.test", true), (ofMails, 2, "b@b.test", false),
        ] as [(Accusation, Int64, String, Bool)])
    func `who is innocent`(accusation: Accusation, mail: Int64, sender: String, expected: Bool) {
        #expect(accusation.isInnocent(mail: mail, sender: sender) == expected)
    }
}
