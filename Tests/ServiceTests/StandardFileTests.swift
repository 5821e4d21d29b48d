import Glibc
import Testing

@testable import Service

/// "Without `--config`, `/etc/outboxd/outboxd.env` is read where it exists".
struct StandardFileTests {
    private static func load(
        _ environment: [String: String] = [:], named file: String? = nil, standard: String
    ) throws -> Settings.Loaded {
        try Settings.load(
            environment: environment, file: file,
            context: Settings.Context(standardFile: standard))
    }

    @Test func `it is read where no file is named, and says so`() throws {
        let standard = try TemporaryFile("OUTBOXD_HOLD=5s\nOUTBOXD_DATABASE=/srv/x.db\n")
        let loaded = try Self.load(standard: standard.path)
        #expect(loaded.settings.hold == .seconds(5) && loaded.settings.database == "/srv/x.db")
        #expect(loaded.file == standard.path)
        let other = try TemporaryFile("OUTBOXD_LEASE=5s\n")
        let named = try Self.load(named: other.path, standard: standard.path)
        #expect(named.settings.hold == .seconds(60) && named.settings.lease == .seconds(5))
        #expect(named.file == other.path)
        let both = try Self.load(["OUTBOXD_HOLD": "7s"], standard: standard.path)
        #expect(both.settings.hold == .seconds(7))
    }

    @Test func `one that is not there is none`() throws {
        let standard = try TemporaryFile("")
        for path in [standard.directory + "/no", standard.path + "/no", "/nowhere/at/all"] {
            let loaded = try Self.load(standard: path)
            #expect(loaded.file == nil && loaded.warnings.isEmpty)
        }
    }

    @Test func `one that can't be read is an error that says what to do`() throws {
        let standard = try TemporaryFile("")
        let error = #expect(throws: SettingsError.self) {
            try Self.load(standard: standard.directory)
        }
        let text = error?.description ?? ""
        #expect(
            text.hasPrefix("settings file \(standard.directory) can't be read: Is a directory ("))
        #expect(text.contains("mode 0700, and this is user \(FileOwnership.currentUser))"))
        #expect(text.hasSuffix("run it as root, or name a file of your own with --config"))
    }

    @Test func `who works with another database goes on without it`() throws {
        let standard = try TemporaryFile("")
        let loaded = try Self.load(
            ["OUTBOXD_DATABASE": "x.db"], standard: standard.directory)
        #expect(loaded.settings.database == "x.db" && loaded.file == nil)
        #expect(loaded.warnings.count == 1)
        #expect(loaded.warnings.first?.hasSuffix("--config; going on without it") == true)
    }

    @Test func `the database's path in it must be absolute`() throws {
        let standard = try TemporaryFile("OUTBOXD_DATABASE=outbox.db\n")
        let error = #expect(throws: SettingsError.self) { try Self.load(standard: standard.path) }
        let text =
            "OUTBOXD_DATABASE \"outbox.db\" (\(standard.path):1): must be absolute in this file: "
            + "each command would look in the directory that it is started in"
        #expect(error?.description == text)
        #expect(
            try Self.load(named: standard.path, standard: "/no").settings.database == "outbox.db")
        let flagged = try Self.load(["OUTBOXD_DATABASE": "x.db"], standard: standard.path)
        #expect(flagged.settings.database == "x.db")
    }
}
