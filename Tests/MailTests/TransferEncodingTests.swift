import Delivery
import Foundation
import Testing

@testable import Mail

struct TransferEncodingTests {
    private func encodings(_ text: String, _ language: String = "en") throws -> [String] {
        var content = try sampleMail(replies: [Reply(createdAt: .init(milliseconds: 0), text: text)]
        )
        content.locales = [language]
        let mail = MailComposer.compose(content).text
        return mail.matches(of: try Regex("Transfer-Encoding: ([a-z0-9-]+)")).map {
            String(mail[$0.range].split(separator: " ")[1])
        }
    }

    @Test func `the shorter one is taken, for each part by itself`() throws {
        let russian = String(repeating: "Мы нашли причину. ", count: 60)
        #expect(try encodings("Hello Jane") == ["quoted-printable", "quoted-printable"])
        #expect(try encodings("Grüße aus Köln") == ["quoted-printable", "quoted-printable"])
        #expect(try encodings("Здравствуйте!", "ru") == ["base64", "quoted-printable"])
        #expect(try encodings(russian, "ru") == ["base64", "base64"])
    }

    @Test(arguments: ["日本語のメール\n二行目\n", "ü", "", "a\n\nü\n", String(repeating: "漢字", count: 500)])
    func `base64 is the text with CRLF, in short lines`(_ text: String) throws {
        var bytes: [UInt8] = []
        TransferEncoding.append(base64: Array(text.utf8), to: &bytes)
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 76 && !$0.contains("\n") })
        let decoded = try #require(Data(base64Encoded: lines.joined()))
        #expect(String(decoding: decoded, as: UTF8.self) == text.replacing("\n", with: "\r\n"))
    }
}
