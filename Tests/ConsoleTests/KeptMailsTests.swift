import Delivery
import Testing

@testable import Console

struct KeptMailsTests {
    @Test(arguments: [
        ("ann@example.com", "Re: Printer is offline", "7-ann-printer-is-offline"),
        ("../../x@y", "/etc/passwd\u{1B}[2J", "7-x-etc-passwd-2j"), ("", "", "7"),
        ("jo.doe+a@b", "Re: Re: Ünï", "7-jo-doe-a-n"),
        (
            "a@b", String(repeating: "long ", count: 100),
            "7-a" + String(repeating: "-long", count: 12)
        ),
    ])
    func `A name says who and what, and is harmless`(
        recipient: String, subject: String, name: String
    ) {
        let mail = DemoSink.Mail(
            at: WallTime(milliseconds: 0), recipient: recipient,
            octets: Array("Subject: \(subject)\r\n\r\nText\r\n".utf8))
        #expect(KeptMails.name(7, mail) == name)
    }
}
