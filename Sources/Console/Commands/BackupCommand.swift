internal import Service

struct BackupCommand: Command {
    static let spec = CommandSpec(
        name: "backup", summary: "a consistent copy beside running daemons",
        discussion: """
            Copies the database as it is at this moment, pages as they are, within one read \
            transaction: nobody waits for it, and what is committed meanwhile is not in it. While it \
            reads, the write-ahead log can't be shortened; if that grows by more than 1 GB, the copy \
            is given up. The copy is checked (`PRAGMA integrity_check`), made to last, and gets its \
            name and the database's mode when it is whole. What exists is never overwritten. \
            Interrupted, or failed, it leaves nothing.

            Exit code 0 with the copy's size and path on stdout, 74 if it can't be made, 75 if it was \
            interrupted or given up.

            Example: outboxd backup /var/backups/outbox-2026-11-28.db
            """,
        positionals: [PositionalSpec("FILE", "where the copy is to stand")],
        settings: [.database])

    func run(_ context: CommandContext) throws -> ExitCode {
        let database = try context.settings(only: [.database]).database
        guard let file = context.parsed.positionals.first, !file.isEmpty else {
            throw context.usage("FILE must not be empty")
        }
        let target = FilePath.absolute(file)
        guard !Self.isPartOfDatabase(target, database) else {
            throw context.usage(
                "FILE must not end in -journal, -wal or -shm, nor be a file of outboxd's: it would count as "
                    + "a part of a database, and keep everybody from writing to that")
        }
        let signals = try SignalWatch()
        var shown = -1
        let size: Int64
        do {
            // Whatever comes of it, what stands on the line goes.
            defer { Self.show("") }
            size = try Backup(
                database: database, target: target,
                shouldStop: { signals.next(timeout: .zero) != nil },
                progress: { percent in
                    guard percent != shown else { return }
                    shown = percent
                    Self.show(percent < 100 ? "copied \(percent) %" : "checking the copy")
                }
            ).run()
        }
        try Terminal.print(
            "\(Escaping.printable(target, limit: 4_096)): \(Octets.text(size)), checked\n")
        return .ok
    }

    /// SQLite takes a file of such a name for what a process has left that died while it wrote.
    /// https://sqlite.org/fileformat2.html#hotjrnl
    private static func isPartOfDatabase(_ target: String, _ database: String) -> Bool {
        let (name, own) = (FilePath.name(of: target), FilePath.name(of: database))
        return ["-journal", "-wal", "-shm"].contains(where: name.hasSuffix)
            || name.hasPrefix(own + "-outboxd")
    }

    private static func show(_ text: String) {
        guard Terminal.isInteractive else { return }
        Terminal.progress("\r\(text)\u{1B}[K")
    }
}
