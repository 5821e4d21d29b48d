internal import Service

struct ManCommand: Command {
    static let spec = CommandSpec(
        name: "man", summary: "print the manual page outboxd(8)",
        discussion: """
            It is made from the table of commands and settings that the program itself works by, so \
            that it is true for this very binary.

            Example: outboxd man > /usr/local/share/man/man8/outboxd.8
            """)

    func run(_ context: CommandContext) throws -> ExitCode {
        try Terminal.print(ManPage(Program.spec, Self.manual).text)
        return .ok
    }

    static let manual = Manual(
        date: Program.date,
        description: """
            outboxd tells people by email that somebody replied to them. It runs beside the API server \
            of a support portal, on the same SQLite database. The API server inserts a row into the \
            table outbox for each reply and recipient; outboxd waits (60 seconds by default), mails \
            who has not read the reply by then, retries what is put off, and knows what became of \
            each row.

            `outboxd run` is the daemon. The other commands look at the outbox and act on it, beside \
            running daemons and without one. The command comes first, its options and arguments \
            follow in any order; `--name VALUE` and `--name=VALUE` are the same, and `--` ends the \
            options. Results go to stdout, logs and progress to stderr.
            """,
        environment: [
            .init("CREDENTIALS_DIRECTORY", "systemd's: where the credential smtp-password is."),
            .init("NO_COLOR", "Not empty: no colour."),
            .init("TERM", "dumb: neither colour nor a line of progress that is written over."),
            .init("TMPDIR", "Where `outboxd demo` puts its throw-away database. Default: /tmp."),
        ],
        files: [
            .init(
                "/etc/outboxd/outboxd.env",
                "The settings of the service and of every command, where `--config` names no other file; "
                    + "`outboxd init` writes it."),
            .init(
                "outbox.db, outbox.db-wal, outbox.db-shm",
                "The database, shared with the API server. Both write beside it: the directory must be "
                    + "writable for both."),
            .init(
                "outbox.db-outboxd-*",
                "In-flight journals: which mails a process is sending. They are gone when it has ended; "
                    + "after a crash another process reads them. Do not delete them."),
        ],
        examples: [
            .init("Write a settings file to fill in:", "outboxd init outboxd.env"),
            .init(
                "Make the tables, and see whether everything is in order:",
                "outboxd migrate --config outboxd.env", "outboxd check --config outboxd.env"),
            .init(
                "Run the daemon:", "outboxd run --config outboxd.env"),
            .init(
                "What waits, and why; what failed:", "outboxd status --config outboxd.env",
                "outboxd list --config outboxd.env --state failed --limit 20"),
            .init(
                "Send what is due through another relay, this once:",
                "outboxd drain --config outboxd.env --smtp-url smtp://other.relay.example:587"),
        ],
        seeAlso: ["journalctl(1)", "sqlite3(1)", "systemctl(1)", "systemd.exec(5)"])
}
