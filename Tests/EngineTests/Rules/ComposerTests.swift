@testable import Engine
import Mail
import SMTP
@testable import Store
import Testing

@Suite struct ComposerTests {
    private func helpdesk(
        _ id: String, replyTo: String, from: String? = nil, bounce: String? = nil,
        locale: String = "en", footer: String? = nil
    ) -> Helpdesk {
        Helpdesk(
            id: id, name: "Acme", fromAddress: from ?? "\(id)@desk.test", replyTo: replyTo,
            bounceAddress: bounce,
            ticketCenterURL: "https://desk.test/{conversation}", allowedDomains: "", locale: locale,
            footerText: footer)
    }

    private func claim(_ conversation: String, of helpdesk: Helpdesk?, to: String = "ann@x.test")
        -> Claim
    {
        let row = OutboxRow(
            id: 1, helpdeskID: helpdesk?.id ?? "none", conversationID: conversation,
            messageID: "m", audience: "visitor", recipientEmail: to,
            texts: RowTexts(bodyText: "Hi"),
            isInstant: false, isCancelled: false, createdAt: now, dueAt: now, attempts: 0,
            relayDownBefore: .zero)
        return Claim(
            mailID: 1, token: 1,
            key: MailKey(
                helpdeskID: row.helpdeskID, conversationID: conversation, recipient: to,
                audience: "visitor"),
            dueAt: now, claimedAt: now, attempts: 0, copies: 0, takeovers: 0, sender: "",
            emailMessageID: "<1@desk.test>", rows: [row], helpdesk: helpdesk, isSenderProbe: false)
    }

    /// The value of one line of a mail's header.
    private func value(_ name: String, _ mail: FrozenMail?) -> String? {
        String(decoding: mail?.message ?? [], as: UTF8.self)
            .split(separator: "\r\n").first { $0.hasPrefix("\(name): ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }

    @Test func `each mail of a batch has its own helpdesk and conversation`() throws {
        var composer = Composer(settings: try settings(), zones: ZoneBook())
        let one = helpdesk("one", replyTo: "r+{conversation}@one.test")
        let two = helpdesk("two", replyTo: "{conversation}@two.test")
        let mails = [("a", one), ("b", two), ("c", one)].map { composer.compose(claim($0, of: $1)) }
        #expect(
            mails.map { value("Reply-To", $0) } == ["r+a@one.test", "b@two.test", "r+c@one.test"])
        #expect(
            mails.map { $0?.envelopeSender } == ["one@desk.test", "two@desk.test", "one@desk.test"])
        for (mail, id) in zip(mails, ["a", "b", "c"]) {
            let text = String(decoding: mail?.message ?? [], as: UTF8.self)
            #expect(text.contains("https://desk.test/\(id)\r\n"))
        }
    }

    /// The API server may edit it, or take it away, between two claims.
    @Test func `a helpdesk that has changed is read anew`() throws {
        var composer = Composer(settings: try settings(), zones: ZoneBook())
        func compose(_ replyTo: String, from: String? = nil) -> FrozenMail? {
            composer.compose(claim("a", of: helpdesk("one", replyTo: replyTo, from: from)))
        }
        #expect(value("Reply-To", compose("r+{conversation}@one.test")) == "r+a@one.test")
        let new = "new+{conversation}@one.test"
        #expect(value("Reply-To", compose(new)) == "new+a@one.test")
        #expect(compose(new, from: "none") == nil)
        #expect(compose(new, from: "other@desk.test")?.envelopeSender == "other@desk.test")
    }

    /// The letterheads outlive the batches.
    @Test func `a mail says what its helpdesk's row and the settings say now`() throws {
        let book = LetterheadBook(toASCII: IDNA.asciiDomain)
        let desks = [
            helpdesk("one", replyTo: "r@one.test"),
            helpdesk("two", replyTo: "r@one.test"),
            helpdesk("one", replyTo: "r@one.test", footer: "Acme Ltd"),
            helpdesk("one", replyTo: "r@one.test", from: "other@desk.test"),
            helpdesk("one", replyTo: "r@one.test", locale: "de"), nil,
        ]
        for from in ["Acme <support@acme.test>", "Other <support@other.test>"] {
            let settings = try settings(from: from)
            for desk in desks + desks.reversed() {
                var composer = Composer(settings: settings, zones: ZoneBook(), letterheads: book)
                var alone = Composer(settings: settings, zones: ZoneBook())
                let mail = composer.compose(claim("a", of: desk))
                let own = alone.compose(claim("a", of: desk))
                #expect(mail != nil && mail == own)
            }
        }
    }

    @Test func `an address with a foreign alphabet counts for its own mail alone`() throws {
        var composer = Composer(settings: try settings(), zones: ZoneBook())
        let desk = helpdesk(
            "one", replyTo: "jörg+{conversation}@one.test", bounce: "börse@one.test")
        let mails = ["ann@x.test", "ännchen@x.test", "ann@x.test"].map {
            composer.compose(claim("a", of: desk, to: $0))
        }
        #expect(
            mails.map { $0?.envelopeSender } == [
                "one@desk.test", "börse@one.test", "one@desk.test",
            ])
        #expect(mails.map { value("Reply-To", $0) } == [nil, "jörg+a@one.test", nil])
    }

    @Test func `without a helpdesk the setting's sender is used`() throws {
        var composer = Composer(settings: try settings(), zones: ZoneBook())
        let mail = composer.compose(claim("a", of: nil))
        #expect(mail?.envelopeSender == "support@acme.test")
        #expect(value("From", mail) == "Acme <support@acme.test>")
    }
}
