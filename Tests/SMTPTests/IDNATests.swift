import Foundation
import Glibc
import SMTP
import Testing

@Suite struct IDNATests {
    @Test(arguments: [
        ("example.org", "example.org"), ("localhost", "localhost"), ("127.0.0.1", "127.0.0.1"),
        ("bücher.example", "xn--bcher-kva.example"), ("BÜCHER.example", "xn--bcher-kva.example"),
        ("faß.example", "xn--fa-hia.example"), ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp"),
        ("bu\u{308}cher.example", "xn--bcher-kva.example"), ("mx_1.internal", "mx_1.internal"),
        ("example.org.", "example.org."),
    ])
    func turnsDomainsIntoASCII(domain: String, ascii: String) {
        #expect(IDNA.asciiDomain(domain) == ascii)
    }

    @Test(arguments: [
        "", ".", "a..b", ".a", "-a.b", "a-.b", "a b", "a/b", "a@b", "a:1", "a%41", "ü/b", "ü@b",
        "ü:25", "ü b", "ü%2e", "ü\0", "[::1]", "ü\n", "\u{2028}", "a\u{FFFD}b", "xn--ü.example",
        String(repeating: "a", count: 64), String(repeating: "ü", count: 64),
        String(repeating: "a.", count: 130) + "a", "\u{FF0E}", "\u{200B}",
    ])
    func refusesWhatIsNoDomain(domain: String) {
        #expect(IDNA.asciiDomain(domain) == nil)
    }

    /// Links in replies are hosts that a stranger has written: 8 MB of these would stay.
    ///
    /// In a process of its own, where nothing else takes memory.
    @Test func `a name that is refused leaves nothing behind`() async {
        await #expect(processExitsWith: .success) {
            func residentOctets() throws -> Int {
                let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
                    .split(separator: " ")[1]
                return (Int(pages) ?? 0) * sysconf(Int32(_SC_PAGESIZE))
            }
            let name = String(repeating: "ü", count: 480)
            for _ in 0..<500 { _ = IDNA.asciiDomain(name) }
            let before = try residentOctets()
            for _ in 0..<8_000 { _ = IDNA.asciiDomain(name) }
            #expect(try residentOctets() - before < 4_000_000)
        }
    }
}
