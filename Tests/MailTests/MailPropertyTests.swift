import TestSupport
import Testing

@testable import Mail

/// What holds for every mail, whatever the rows hold.
@Suite struct MailPropertyTests {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `random mails keep the rules of the wire`(_ seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<25 {
            let content = try generator.mail()
            let mail = MailComposer.compose(content)
            checkBytes(mail)
            checkHeader(mail)
            checkBody(mail)
            #expect(mail == MailComposer.compose(content))
        }
    }

    private func checkBytes(_ mail: ComposedMail) {
        let bytes = mail.bytes
        let bareBreaks = bytes.indices.filter { index in
            switch bytes[index] {
            case 0x0D: index + 1 == bytes.count || bytes[index + 1] != 0x0A
            case 0x0A: index == 0 || bytes[index - 1] != 0x0D
            default: false
            }
        }
        #expect(bareBreaks.isEmpty)
        #expect(bytes.suffix(2) == [0x0D, 0x0A])
        #expect(mail.needsSMTPUTF8 || bytes.allSatisfy { $0 < 0x80 })
        let controls = bytes.filter {
            ($0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0)) || $0 == 0x7F
        }
        #expect(controls.isEmpty)
    }

    /// Lines longer than 78 octets have nowhere to fold: an address, an id or a link.
    private func checkHeader(_ mail: ComposedMail) {
        let header = mail.text.split(separator: "\r\n\r\n", maxSplits: 1).first ?? ""
        for line in header.split(separator: "\r\n") {
            #expect(line.utf8.count <= 998)
            #expect(line.contains { $0 != " " })
            if line.utf8.count > 78 {
                let value = line.drop { $0 != " " }.dropFirst()
                #expect(value.contains("@") || value.hasPrefix("<"), "\(line)")
            }
        }
        let names = mail.header.map { String($0.prefix { $0 != ":" }) }
        #expect(Set(names).count == names.count)
        #expect(Set(names).isSubset(of: Self.names), "\(names)")
    }

    private static let names: Set<String> = [
        "Date", "From", "To", "Reply-To", "Subject", "Message-ID", "In-Reply-To", "References",
        "Auto-Submitted", "X-Auto-Response-Suppress", "List-Id", "Feedback-ID", "Content-Language",
        "List-Unsubscribe", "List-Unsubscribe-Post",
        "MIME-Version", "Content-Type",
    ]

    private func checkBody(_ mail: ComposedMail) {
        let parts = mail.text.split(separator: "\r\n\r\n", maxSplits: 1)
        for line in (parts.last ?? "").split(separator: "\r\n", omittingEmptySubsequences: false) {
            #expect(line.utf8.count <= 76)
            #expect(line.utf8.last != 0x20 && line.utf8.last != 0x09)
        }
    }
}
