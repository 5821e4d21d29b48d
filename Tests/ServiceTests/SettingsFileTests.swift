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
        #expect(fault == "settings file \(file.path): is larger than 1048576 bytes")
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
