import Testing

@testable import Mail

@Suite struct HeaderWriterTests {
    private func subject(_ value: String) -> String {
        var writer = HeaderWriter(capacity: 0)
        writer.unstructured("Subject: ", value)
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private func to(_ name: String?, _ address: String) throws -> String {
        var writer = HeaderWriter(capacity: 0)
        writer.mailbox("To: ", Mailbox(name: name, address: try EmailAddress(address)))
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    @Test(
        arguments: zip(
            [
                "Hello", "Grüße", "Re: Grüße aus Köln", "日本語", "a =?utf-8?q?b?= c", "=?", "a=?b",
                "50% = half_?",
                "x ü=_?",
            ],
            [
                "Hello", "=?utf-8?b?R3LDvMOfZQ==?=",
                "Re: =?utf-8?b?R3LDvMOfZSBhdXMgS8O2bG4=?=",
                "=?utf-8?b?5pel5pys6Kqe?=", "a =?utf-8?b?PT91dGYtOD9xP2I/PSBj?=",
                "=?utf-8?b?PT8=?=",
                "=?utf-8?q?a=3D=3Fb?=", "50% = half_?", "x =?utf-8?b?w7w9Xz8=?=",
            ]))
    func `subjects`(_ value: String, _ encoded: String) {
        #expect(subject(value) == "Subject: \(encoded)\r\n")
    }

    @Test(
        arguments: [
            ("Jane Doe", "Jane Doe <a@b>"), ("Doe, Jane", "\"Doe, Jane\" <a@b>"),
            ("J. \"X\" \\", "\"J. \\\"X\\\" \\\\\" <a@b>"), ("Jörg", "=?utf-8?b?SsO2cmc=?= <a@b>"),
            ("=?utf-8?q?x?=", "=?utf-8?b?PT91dGYtOD9xP3g/PQ==?= <a@b>"),
            ("Ann (Acme)", "\"Ann (Acme)\" <a@b>"), ("x@y.z", "\"x@y.z\" <a@b>"),
            (
                "A_b c’s very own plain desk",
                "=?utf-8?q?A=5Fb_c=E2=80=99s_very_own_plain_desk?= <a@b>"
            ),
            (nil, "a@b"),
        ] as [(String?, String)])
    func `display names`(_ name: String?, _ encoded: String) throws {
        #expect(try to(name, "a@b") == "To: \(encoded)\r\n")
    }

    @Test func `an address that is not ASCII is written raw`() throws {
        #expect(try to(nil, "jörg@bücher.example") == "To: jörg@bücher.example\r\n")
    }

    @Test func `long ASCII text is folded between words`() {
        let value = Array(repeating: "word", count: 50).joined(separator: " ")
        let lines = subject(value).split(separator: "\r\n")
        #expect(lines.count == 4)
        #expect(lines.allSatisfy { $0.utf8.count <= 76 })
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(" word") })
        #expect(lines.joined() == "Subject: " + value)
    }

    @Test(arguments: [
        String(repeating: "x", count: 250), String(repeating: "ü", count: 250),
        String(repeating: "日", count: 250), String(repeating: "😀", count: 250),
        "start " + String(repeating: "y", count: 100) + " end",
        String(repeating: "a", count: 60) + " ü",
    ])
    func `long words become encoded words of at most 75 characters`(_ value: String) {
        let lines = subject(value).split(separator: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 76 })
        for word in lines.joined().split(separator: " ") where word.hasPrefix("=?") {
            #expect(word.utf8.count <= 75 && word.hasSuffix("?="))
        }
    }

    @Test func `each encoded word is UTF-8 by itself`() {
        for value in ["ü", "日", "😀", "aü日😀"] {
            let text = Array(String(repeating: value, count: 60).utf8)
            for encoding in [EncodedWord.Encoding.q, .b] {
                for length in EncodedWord.minimumLength...EncodedWord.maximumLength {
                    let fitting = EncodedWord.fitting(
                        text[...], length: length, encoding: encoding,
                        literal: EncodedWord.Place.text.literal)
                    var word: [UInt8] = []
                    EncodedWord.append(
                        text.prefix(fitting), encoding: encoding,
                        literal: EncodedWord.Place.text.literal, to: &word)
                    #expect(fitting > 0 && word.count <= length)
                    #expect(String(validating: text.prefix(fitting), as: UTF8.self) != nil)
                }
            }
        }
    }

    @Test func `the longest name and address keep their lines short`() throws {
        let address =
            String(repeating: "a", count: 64) + "@"
            + Array(repeating: String(repeating: "d", count: 46), count: 4).joined(separator: ".")
        for name in [String(repeating: "😀", count: 100), String(repeating: "\"", count: 100)] {
            let lines = try to(name, address).split(separator: "\r\n")
            #expect(lines.dropLast().allSatisfy { $0.utf8.count <= 76 })
            #expect(lines.last == " <\(address)>")
        }
    }

    private let anchor = ConversationAnchor(
        helpdesk: "acme", conversation: "c-42", domain: "example.org")

    @Test func `References are folded between ids`() throws {
        let id = try #require(MessageID(String(repeating: "i", count: 60) + "@x"))
        var writer = HeaderWriter(capacity: 0)
        writer.thread(anchor, inReplyTo: id)
        let written = String(decoding: anchor.octets, as: UTF8.self)
        #expect(
            String(decoding: writer.finish(), as: UTF8.self)
                == "In-Reply-To: <\(id)>\r\nReferences: \(written)\r\n <\(id)>\r\n")
    }

    @Test func `a short id stands in the anchor's line`() throws {
        let id = try #require(MessageID("a@b"))
        let anchor = ConversationAnchor(helpdesk: "acme", conversation: "c-42", domain: "a.b")
        var writer = HeaderWriter(capacity: 0)
        writer.thread(anchor, inReplyTo: id)
        let written = String(decoding: anchor.octets, as: UTF8.self)
        #expect(
            String(decoding: writer.finish(), as: UTF8.self)
                == "In-Reply-To: <a@b>\r\nReferences: \(written) <a@b>\r\n")
    }
}
