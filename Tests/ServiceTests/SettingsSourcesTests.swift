import Testing

@testable import Service

@Suite struct SettingsSourcesTests {
    @Test(
        arguments: [
            (flag: "3s", environment: "2s", file: "1s", wanted: 3),
            (flag: nil, environment: "2s", file: "1s", wanted: 2),
            (flag: nil, environment: nil, file: "1s", wanted: 1),
            (flag: nil, environment: nil, file: nil, wanted: 60),
            (flag: "", environment: "", file: "1s", wanted: 1),
            (flag: "3s", environment: nil, file: "bad", wanted: 3),
        ] as [(flag: String?, environment: String?, file: String?, wanted: Int)])
    func `a flag beats the environment, the environment beats the file`(
        flag: String?, environment: String?, file: String?, wanted: Int
    ) throws {
        let loaded = try Loading.load(
            environment.map { ["OUTBOXD_HOLD": $0] } ?? [:],
            file: file.map { "OUTBOXD_HOLD=\($0)" },
            flags: flag.map { [.hold: $0] } ?? [:])
        #expect(loaded.settings.hold == .seconds(wanted))
        #expect(loaded.warnings.isEmpty)
    }

    @Test func `an unknown name in the environment is only a warning`() throws {
        let loaded = try Loading.load([
            "OUTBOXD_SERVICE_HOST": "10.0.0.1", "OUTBOXD_SMTP_PASWORD": "hunter2", "OUTBOX": "x",
        ])
        #expect(
            loaded.warnings == [
                "OUTBOXD_SERVICE_HOST (environment): unknown setting; "
                    + "`outboxd run --help` lists those there are",
                "OUTBOXD_SMTP_PASWORD (environment): unknown setting; "
                    + "did you mean OUTBOXD_SMTP_PASSWORD?",
            ])
    }

    @Test func `an unknown key in the file is a fault that does not show the value`() {
        #expect(
            Loading.faults(file: "OUTBOXD_SMTP_PASSWROD=hunter2\noutboxd_hold=1s\n") == [
                "OUTBOXD_SMTP_PASSWROD (outboxd.env:1): unknown setting; "
                    + "did you mean OUTBOXD_SMTP_PASSWORD?",
                "outboxd_hold (outboxd.env:2): unknown setting; did you mean OUTBOXD_HOLD?",
            ])
    }

    @Test func `a key that is twice in the file counts as the last says, with a warning`() throws {
        let loaded = try Loading.load(file: "OUTBOXD_HOLD=1s\nOUTBOXD_HOLD=2s\n")
        #expect(loaded.settings.hold == .seconds(2))
        #expect(
            loaded.warnings == [
                "OUTBOXD_HOLD is set twice: outboxd.env:1 is overridden by outboxd.env:2"
            ])
        let emptied = try Loading.load(file: "OUTBOXD_HOLD=1s\nOUTBOXD_HOLD=\n")
        #expect(emptied.settings.hold == .seconds(60))
    }

    @Test func `a file is read from disk, and one that can't be read is a fault`() throws {
        let file = try TemporaryFile("OUTBOXD_HOLD=5s\n")
        #expect(try Settings.load(environment: [:], file: file.path).settings.hold == .seconds(5))
        let error = #expect(throws: SettingsError.self) {
            try Settings.load(environment: ["OUTBOXD_LEASE": "x"], file: file.directory + "/no")
        }
        let lines = error?.description.split(separator: "\n") ?? []
        #expect(lines.count == 2)
        let text =
            "settings file \(file.directory)/no: can't be read: No such file or directory; name a "
            + "file of KEY=value lines with --config; `outboxd init` writes one"
        #expect(lines.first.map(String.init) == text)
    }

    @Test func `a directory and an endless file are faults`() {
        for path in ["/", "/dev/zero", "a\u{0}b"] {
            #expect(throws: SettingsError.self) {
                try Settings.load(environment: [:], file: path)
            }
        }
    }
}
