internal import Glibc
internal import Service

/// Names of slot files: `outbox.db-outboxd-1f9c…`, beside the database.
enum SlotFiles {
    static func prefix(for database: String) -> String {
        FilePath.name(of: database) + "-outboxd-"
    }

    static func newName(for database: String) -> String {
        prefix(for: database) + String(UInt64.random(in: .min ... .max), radix: 16)
    }

    /// A name from the database is not to be trusted with a path.
    static func isName(_ name: String, for database: String) -> Bool {
        name.hasPrefix(prefix(for: database)) && !name.contains("/")
    }

    /// The slot files that are there.
    static func all(for database: String) -> [String] {
        guard let directory = opendir(FilePath.directory(of: database)) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if isName(name, for: database) { names.append(name) }
        }
        return names
    }
}
