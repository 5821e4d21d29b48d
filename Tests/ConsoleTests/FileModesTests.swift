import Testing

@testable import Console

/// "file modes and owners as the API server needs them".
struct FileModesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// Owner, group and mode of database, directory, and -wal.
        var database: (UInt32, UInt32, UInt32) = (7, 70, 0o600)
        var directory: (UInt32, UInt32, UInt32) = (7, 70, 0o700)
        var wal: (UInt32, UInt32, UInt32)?
        var results: [CheckReport.Result] = []
        var words = ""
        var testDescription: String { name }
    }

    private static let cases = [
        Case(name: "one user's own"),
        Case(name: "one user's own, with a log", wal: (7, 70, 0o600)),
        Case(
            name: "one group", database: (7, 70, 0o660), directory: (0, 70, 0o2770),
            wal: (8, 70, 0o660)),
        Case(
            name: "the log is another user's", wal: (8, 80, 0o644), results: [.fail],
            words:
                "user 7, who owns the database, can't write /d/o.db-wal (owner 8, group 80, mode 0644)"
        ),
        Case(
            name: "the log has lost its group", database: (7, 70, 0o660),
            directory: (0, 70, 0o2770), wal: (7, 7, 0o660), results: [.fail],
            words: "`chgrp 70 /d/o.db-wal`"),
        Case(
            name: "the log was made with umask 022", database: (7, 70, 0o660),
            directory: (0, 70, 0o2770), wal: (7, 70, 0o644), results: [.fail],
            words: "`chmod g+rw /d/o.db-wal`"),
        Case(
            name: "the directory is root's", directory: (0, 0, 0o755), results: [.fail],
            words: "can't make files in /d (owner 0, group 0, mode 0755)"),
        Case(
            name: "the group has no directory", database: (7, 70, 0o660), results: [.warn],
            words: "`chmod 2770 /d`"),
        Case(name: "root's database", database: (0, 0, 0o600), directory: (5, 5, 0o700)),
        Case(
            name: "everybody reads", database: (7, 70, 0o644), directory: (7, 70, 0o755),
            results: [.info], words: "`chmod o-r /d/o.db`"),
        Case(
            name: "everybody reads, and nobody gets there", database: (7, 70, 0o644),
            directory: (7, 70, 0o750)),
        Case(
            name: "everybody writes", database: (7, 70, 0o646), directory: (7, 70, 0o1777),
            results: [.warn], words: "everybody on this machine may write"),
    ]

    private static func file(_ path: String, _ status: (UInt32, UInt32, UInt32)) -> FileModes.File {
        FileModes.File(path: path, owner: status.0, group: status.1, mode: status.2)
    }

    @Test(arguments: cases)
    func `who may write the database can work with it`(_ one: Case) {
        let modes = FileModes(
            database: Self.file("/d/o.db", one.database),
            directory: Self.file("/d", one.directory),
            beside: one.wal.map { [Self.file("/d/o.db-wal", $0)] } ?? [])
        let findings = modes.findings
        #expect(findings.map(\.result) == one.results)
        #expect(
            one.words.isEmpty || findings.first?.text.contains(one.words) == true, "\(findings)")
    }
}
