import Delivery
import Testing

@testable import Service

/// Settings of a process that runs, read again.
@Suite struct SettingsAgainTests {
    /// systemd's `EnvironmentFile=` copies the file into the environment, where it would beat the file for good.
    @Test func `what was only copied from the file does not beat it later`() throws {
        let environment = [
            "OUTBOXD_RATE": "1/s", "OUTBOXD_HOLD": "5s", "OUTBOXD_LEASE": "1m", "PATH": "/bin",
        ]
        let first = try Loading.load(
            environment, file: "OUTBOXD_RATE=1/s\nOUTBOXD_HOLD=6s\n")
        #expect(first.settings.hold == .seconds(5))
        let own = first.ownEnvironment(of: environment)
        #expect(own == ["OUTBOXD_HOLD": "5s", "OUTBOXD_LEASE": "1m", "PATH": "/bin"])
        let second = try Loading.load(own, file: "OUTBOXD_RATE=9/s\nOUTBOXD_HOLD=6s\n")
        #expect(second.settings.hold == .seconds(5))
        #expect(second.changes(since: first) == [.rate])
        let third = try Loading.load(own, file: "")
        #expect(third.changes(since: first) == [.rate])
        #expect(third.settings.rate == nil)
    }

    /// Somebody may be about to write it, or it is a FIFO now.
    @Test func `a file that is blank all at once is not followed`() throws {
        var first = try Loading.load(file: "OUTBOXD_RATE=1/s\n")
        first.file = "outboxd.env"
        for blank in ["", " \n\n"] {
            let next = try Loading.load(file: blank)
            let error = #expect(throws: SettingsError.self) { try next.following(first) }
            #expect(
                error?.description.hasSuffix(
                    "is empty or gone; a line with # leaves all at their defaults") == true)
            // As it was from the beginning.
            #expect(try next.following(next).settings.rate == nil)
        }
        #expect(throws: SettingsError.self) { try Loading.load().following(first) }
        #expect(try Loading.load(file: "# none\n").following(first).settings.rate == nil)
    }

    @Test func `the files that values come from are known, and what they hold now is read`() throws
    {
        let secret = try TemporaryFile("old")
        let environment = [
            "OUTBOXD_SMTP_URL": "smtp://u@localhost", "OUTBOXD_SMTP_PASSWORD_FILE": secret.path,
        ]
        let first = try Loading.load(environment)
        #expect(first.files.paths == [secret.path])
        try secret.write(Array("newer".utf8))
        let second = try first.withFilesOfNow(
            environment: environment, context: Loading.context, checks: [:])
        #expect(second.settings.relay.password?.revealed == "newer")
        #expect(first.files.hasChanged(to: second.files))
        #expect(second.changes(since: first).isEmpty)
    }
}
