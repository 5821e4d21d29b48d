import Glibc

/// Whose a file is, in the words of an error: `desk:www-data, mode 0640`.
package struct FileOwnership: Hashable, Sendable, CustomStringConvertible {
    package var user: UInt32
    package var group: UInt32
    /// With set-group-id and sticky.
    package var mode: UInt32

    /// nil if the file can't be seen.
    package init?(of path: String) {
        // stat, never open: closing any descriptor of a database would drop SQLite's locks on it.
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        user = status.st_uid
        group = status.st_gid
        mode = status.st_mode & 0o7777
    }

    package var description: String {
        let digits = String(mode, radix: 8)
        if isForeign { return "another user's, mode 0\(digits)" }
        return "owner \(Self.name(user: user)):\(Self.name(group: group)), mode 0\(digits)"
    }

    /// In a user namespace of its own (PrivateUsers=) a service sees nobody in place of others.
    package var isForeign: Bool { user == Self.nobody && !Self.seesAllUsers }

    private static let nobody: UInt32 = 65_534

    /// Whether the ids of all users have a meaning here. user_namespaces(7)
    private static let seesAllUsers: Bool = {
        guard let map = try? BoundedFile.read("/proc/self/uid_map", limit: 65_536) else {
            return true
        }
        let words = String(decoding: map, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return words == ["0", "0", "4294967295"]
    }()

    package static var currentUser: String { name(user: geteuid()) }
    package static var currentGroup: String { name(group: getegid()) }

    /// The number, where it has no name.
    package static func name(user: UInt32) -> String { knownName(user: user) ?? "\(user)" }

    /// nil where it has none.
    package static func knownName(user: UInt32) -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, found != nil,
            let name = entry.pw_name
        else { return nil }
        return String(cString: name)
    }

    /// nil where there is none.
    package static func group(named name: String) -> UInt32? {
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var buffer = [CChar](repeating: 0, count: 65_536)
        guard getgrnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
            return nil
        }
        return entry.gr_gid
    }

    /// The number, where it has no name.
    package static func name(group: UInt32) -> String {
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var buffer = [CChar](repeating: 0, count: 65_536)
        guard getgrgid_r(group, &entry, &buffer, buffer.count, &found) == 0, found != nil,
            let name = entry.gr_name
        else { return "\(group)" }
        return String(cString: name)
    }
}
