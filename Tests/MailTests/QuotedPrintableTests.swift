import TestSupport
import Testing

@testable import Mail

@Suite struct QuotedPrintableTests {
    private func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        QuotedPrintable.append(Array(text.utf8), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        arguments: zip(
            [
                "", "a", "a=b", "ü", "a \nb\t\n", "end ", " ", "\n\n", "\ta\tb", " a",
                ".\n..\nFrom x", "From x\nFrom\nFroma From y\nFro", "\r\0",
            ],
            [
                "", "a", "a=3Db", "=C3=BC", "a=20\r\nb=09\r\n", "end=20", "=20", "\r\n\r\n",
                "\ta\tb", " a",
                "=2E\r\n=2E.\r\n=46rom x", "=46rom x\r\nFrom\r\nFroma From y\r\nFro",
                "=0D=00",
            ]))
    func `is encoded`(_ text: String, _ encoded: String) {
        #expect(encode(text) == encoded)
    }

    /// Every length around the limit, with every kind of end.
    @Test(
        arguments: [
            "", "\n", " ", " \n", "\t", "=", "=\n", "ü", "ü\n", " x", "  \n\n", ".", "\n..",
        ])
    func `lines are short and decode to the text`(_ end: String) throws {
        for length in 60...160 {
            let text = String(repeating: "x", count: length) + end
            let encoded = encode(text)
            for line in encoded.split(separator: "\r\n", omittingEmptySubsequences: false) {
                #expect(line.utf8.count <= 76)
                #expect(line.utf8.last != 0x20 && line.utf8.last != 0x09)
                #expect(line.utf8.first != 0x2E)
            }
            #expect(decode(encoded) == text)
        }
    }

    @Test func `every byte survives`() {
        var bytes: [UInt8] = []
        let all = (0...255).map { UInt8($0) }
        QuotedPrintable.append(all, to: &bytes)
        let isPlain = bytes.allSatisfy {
            $0 < 0x7F && ($0 >= 0x20 || [0x09, 0x0A, 0x0D].contains($0))
        }
        #expect(isPlain)
        #expect(decodeBytes(String(decoding: bytes, as: UTF8.self)) == all)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a text in pieces is encoded as in one`(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<50 {
            let text = Array(generator.text(upTo: 400).utf8)
            var writer = QuotedPrintable()
            var start = 0
            while start < text.count {
                var end = min(text.count, start + .random(in: 1...100, using: &generator))
                while end < text.count, text[end - 1] == 0x20 || text[end - 1] == 0x09 { end += 1 }
                writer.append(text.span, start..<end)
                start = end
            }
            var whole: [UInt8] = []
            QuotedPrintable.append(text, to: &whole)
            #expect(writer.finish() == whole)
        }
    }

    private func decode(_ encoded: String) -> String {
        String(decoding: decodeBytes(encoded), as: UTF8.self)
    }

    /// Written apart from the encoder: soft breaks first, then `=XX`, then line ends.
    private func decodeBytes(_ encoded: String) -> [UInt8] {
        var rest = Array(encoded.utf8)[...]
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == 0x3D, rest.starts(with: [0x0D, 0x0A]) {
                rest = rest.dropFirst(2)
            } else if byte == 0x3D {
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                bytes.append(UInt8(digits, radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            } else if byte != 0x0D {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
