import Testing

@testable import Service

@Suite struct SettingsFileTests {
    private func parse(_ text: String) -> SettingsFile {
        SettingsFile(path: "f", bytes: Array(text.utf8))
    }

    @Test(arguments: [
        ("OUTBOXD_FROM=a", "a"), ("OUTBOXD_FROM=", ""), ("OUTBOXD_FROM=a=b", "a=b"),
        ("OUTBOXD_FROM='a b'", "a b"), ("OUTBOXD_FROM=\"a b\"", "a b"), ("OUTBOXD_FROM=\"\"", ""),
        ("OUTBOXD_FROM=a # b", "a # b"), ("OUTBOXD_FROM=#a", "#a"), ("OUTBOXD_FROM= a \t", "a"),
        ("  OUTBOXD_FROM=a", "a"), ("OUTBOXD_FROM=a\\nb", "a\\nb"), ("OUTBOXD_FROM=a\r", "a"),
        ("OUTBOXD_FROM='it\"s'", "it\"s"), ("OUTBOXD_FROM=it's", "it's"), ("OUTBOXD_FROM=$X", "$X"),
        ("OUTBOXD_FROM=\"Acme, Inc.\" <a@b.c>", "\"Acme, Inc.\" <a@b.c>"),
        ("\u{FEFF}OUTBOXD_FROM=a", "a"), ("OUTBOXD_FROM=ü", "ü"), ("OUTBOXD_FROM=' a '", " a "),
    ]) func `a line gives its value`(line: String, value: String) {
        let file = parse(line)
        #expect(file.lines == [SettingsFile.Line(key: "OUTBOXD_FROM", value: value, number: 1)])
        #expect(file.faults.isEmpty)
    }

    @Test func `comments, blank lines and lines of other programs are passed over`() {
        let file = parse(
            "# x\n\n   \n\t# y\r\n#\u{0}\nAPI_KEY=\"unclosed\nDATABASE_URL=postgres://x\nOUTBOXD_HOLD=1s"
        )
        #expect(file.lines == [SettingsFile.Line(key: "OUTBOXD_HOLD", value: "1s", number: 8)])
        #expect(file.faults.isEmpty)
    }

    @Test(arguments: [
        ("export OUTBOXD_HOLD=1s", "export"), ("export\tA=b", "export"),
        ("OUTBOXD_HOLD", "KEY=value"), ("=x", "KEY=value"), ("OUTBOXD HOLD=1", "KEY=value"),
        ("OUTBOXD_HOLD =1s", "KEY=value"), ("1A=b", "KEY=value"), ("ÄB=c", "KEY=value"),
        ("[Service]", "KEY=value"), ("OUTBOXD_FROM=\"a", "quote"),
        ("OUTBOXD_FROM='a' 'b'", "quote"),
        ("OUTBOXD_FROM=\"a\"b\"", "quote"), ("OUTBOXD_FROM='", "quote"),
        ("hunter2-secret", "KEY=value"),
    ]) func `a line of another form is a fault that does not show it`(line: String, word: String) {
        let file = parse("\n" + line)
        #expect(file.lines.isEmpty)
        #expect(file.faults.count == 1)
        let text = file.faults.first?.description ?? ""
        #expect(text.contains("f:2"))
        #expect(text.contains(word))
        #expect(!text.contains("hunter2"))
    }

    @Test func `bytes that are not UTF-8 are a fault, in a comment they are nothing`() {
        let start = Array("#".utf8) + [0xFF, 0x0A]
        let line = Array("OUTBOXD_FROM=".utf8) + [0xC3, 0x28]
        let file = SettingsFile(path: "f", bytes: start + line)
        #expect(file.faults.map(\.description) == ["OUTBOXD_FROM (f:2): the value is not UTF-8"])
    }

    @Test func `a NUL in a value is refused when the settings are read`() {
        #expect(Loading.faults(file: "OUTBOXD_DATABASE=a\u{0}b").first?.contains("control") == true)
    }

    @Test func `a file at the limit is read, one byte more is a fault`() throws {
        let file = try TemporaryFile("")
        let comment = [UInt8](repeating: UInt8(ascii: "#"), count: SettingsFile.sizeLimit)
        try file.write(comment)
        #expect(SettingsFile(path: file.path).faults.isEmpty)
        try file.write(comment + [0x0A])
        let fault = SettingsFile(path: file.path).faults.first?.description
        #expect(
            fault?.hasPrefix("settings file \(file.path): is larger than 1048576 bytes;") == true)
    }

    private static let prose = String(repeating: "A line of prose, and nothing else.\n", count: 28)

    /// One thing is wrong with it, not one for each line.
    @Test(arguments: [
        (prose, "line 1 must be KEY=value", "27 more lines are wrong"),
        ("{\n  \"OUTBOXD_HOLD\": \"5m\"\n}\n", "line 1 must be", "2 more lines are wrong"),
        ("#!/bin/sh\nFOO=bar\nexport A=b\nset -e\n", "line 3 has `export`", "1 more line is wrong"),
        ("OUTBOXD_HOLD=x\n" + prose, "line 2 must be", "27 more lines are wrong"),
        ("\u{7F}ELF\u{2}\n\u{1}\u{0}\n\u{3}", "line 1 must be", "2 more lines are wrong"),
    ])
    func `a file that holds no settings is one fault`(text: String, first: String, more: String) {
        let faults = Loading.faults(file: text)
        #expect(faults.count == 1)
        let start = "outboxd.env is no settings file: \(first)"
        #expect(faults.first?.hasPrefix(start) == true, "\(faults)")
        #expect(faults.first?.contains("\(more); name a file of KEY=value lines") == true)
    }

    @Test(arguments: [
        ("OUTBOXD_HOLD=5s\nnonsense\nmore\n", 2), ("nonsense\n", 1),
        ("OUTBOXD_FROM=\"a\nnonsense\nmore\n", 3),
        (String(repeating: "A=b\n", count: 6) + "OUTBOXD_HOLD=5s\n1\n2\n3\n4\n5\n", 5),
    ])
    func `in a settings file each line that is wrong is told`(text: String, count: Int) {
        #expect(Loading.faults(file: text).count == count)
    }

    @Test func `random bytes neither crash nor pass`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let bytes = (0..<300).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let file = SettingsFile(path: "f", bytes: bytes)
            #expect(file.lines.isEmpty)
        }
    }
}
