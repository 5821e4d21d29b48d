internal import Glibc
internal import Service

/// Names of in-flight journals: `outbox.db-outboxd-1f9c…`, beside the database.
enum JournalFiles {
    /// A directory with more of them is not read to its end.
    private static let most = 10_000

    static func prefix(for database: String) -> String {
        FilePath.name(of: database) + "-outboxd-"
    }

    static func newName(for database: String) -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return prefix(for: database) + String(repeating: "0", count: 16 - digits.utf8.count)
            + digits
    }

    /// Exactly the names that ``newName(for:)`` makes: the prefix and 16 lower-case hexadecimal digits, or 13
    /// to 15, as editions before this one made one in sixteen.
    ///
    /// `outbox.db-outboxd-backup` and `outbox.db-outboxd-20261128` are somebody's copies, and a name from the
    /// database is not to be trusted with a path.
    static func isName(_ name: String, for database: String) -> Bool {
        let prefix = prefix(for: database)
        guard name.hasPrefix(prefix) else { return false }
        let digits = name.utf8.dropFirst(prefix.utf8.count)
        return (13...16).contains(digits.count)
            && digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// What its digits say, whatever the database is called; 0 where it has none.
    static func number(inName name: String) -> UInt64 {
        name.split(separator: "-").last.flatMap { UInt64($0, radix: 16) } ?? 0
    }

    /// The files that bear such a name, whatever they are.
    static func all(for database: String) -> [String] {
        guard let directory = opendir(FilePath.directory(of: database)) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while names.count < most, let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if isName(name, for: database) { names.append(name) }
        }
        return names
    }
}
