import Glibc

/// An env-style settings file: `KEY=value`, `#` comments, blank lines.
///
/// It understands what systemd's `EnvironmentFile=` and `docker run --env-file` both understand, so
/// that one file serves all three: no `export`, no continued lines, no comment behind a value.
/// Quotes round a value are stripped. Lines of other programs (keys that do not begin with
/// `OUTBOXD_`) are passed over, so that the API server may use the same file.
package struct SettingsFile {
    struct Line: Equatable {
        var key: String
        var value: String
        var number: Int
    }

    /// Lines with a key of ours, known or not, in the file's order.
    private(set) var lines: [Line] = []
    private(set) var faults: [SettingsFault] = []
    /// It is the standard one, and this user may not read it.
    private(set) var isOutOfReach = false
    /// Nothing stands in it, not even a comment.
    private(set) var isBlank = true
    /// Lines of `KEY=value`, whoever's.
    private var formed = 0
    let path: String

    static let sizeLimit = 1 << 20

    /// What the service and an operator's commands read alike.
    package static let standardPath = "/etc/outboxd/outboxd.env"

    /// The file that nobody has named: nil where there is none.
    static func standard(_ path: String) -> SettingsFile? {
        do throws(BoundedFile.Failure) {
            return SettingsFile(path: path, bytes: try BoundedFile.read(path, limit: sizeLimit))
        } catch {
            if error.code == ENOENT || error.code == ENOTDIR { return nil }
            return SettingsFile(path: path, unreadable: error)
        }
    }

    private init(path: String, unreadable failure: BoundedFile.Failure) {
        self.path = path
        isOutOfReach = true
        let name = Escaping.printable(path)
        faults = [
            SettingsFault(
                key: nil,
                problem:
                    "settings file \(name) \(failure.text)\(Self.owner(of: path)); run it as root, "
                    + "or name a file of your own with --config")
        ]
    }

    /// The service's user reads it as a member of its group: a file of root's alone is out of its reach.
    private static func owner(of path: String) -> String {
        guard let file = FileOwnership(of: path) else { return "" }
        let mend =
            file.group == 0
            ? "; the service's user may read it after `chgrp outboxd \(path) && chmod 0640 \(path)`"
            : ""
        return " (\(file), and this is user \(FileOwnership.currentUser))\(mend)"
    }

    /// Reads the file; one that can't be read is one fault, and so is one that holds no settings.
    init(path: String) {
        self.path = FilePath.absolute(path)
        do throws(BoundedFile.Failure) {
            parse(try BoundedFile.read(path, limit: Self.sizeLimit))
        } catch {
            let name = Escaping.printable(self.path)
            faults = [
                SettingsFault(
                    key: nil, problem: "settings file \(name): \(error.text); \(Self.whatToDo)")
            ]
        }
    }

    init(path: String, bytes: [UInt8]) {
        self.path = path
        parse(bytes)
    }

    private mutating func parse(_ bytes: [UInt8]) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
        let rows = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, row) in rows.enumerated() {
            parse(row, number: index + 1)
        }
        joinFaultsOfNoSettingsFile()
    }

    private static let whatToDo =
        "name a file of KEY=value lines with --config; `outboxd init` writes one"

    /// Prose, JSON or a program has a fault in each line, and one thing is wrong with it.
    private mutating func joinFaultsOfNoSettingsFile() {
        let strays = faults.count { $0.key == nil }
        let hasOwn = !lines.isEmpty || strays < faults.count
        guard strays > 1, !hasOwn || (strays > 4 && strays > formed) else { return }
        guard let first = faults.first(where: { $0.key == nil }) else { return }
        let more = strays == 2 ? "1 more line is wrong" : "\(strays - 1) more lines are wrong"
        let name = Escaping.printable(path)
        lines = []
        faults = [
            SettingsFault(
                key: nil,
                problem: "\(name) is no settings file: line \(first.origin?.line ?? 1) "
                    + "\(first.problem), and \(more); \(Self.whatToDo)")
        ]
    }

    private mutating func parse(_ row: ArraySlice<UInt8>, number: Int) {
        let row = Self.trimmed(row)
        if !row.isEmpty { isBlank = false }
        guard let first = row.first, first != UInt8(ascii: "#") else { return }
        guard let equals = row.firstIndex(of: UInt8(ascii: "=")),
            let key = Self.key(row[..<equals])
        else {
            return add(number, key: nil, Self.complaint(about: row))
        }
        formed += 1
        guard key.uppercased().hasPrefix(SettingKey.prefix) else { return }
        let raw = Self.trimmed(row[row.index(after: equals)...])
        guard let value = String(validating: raw, as: UTF8.self) else {
            return add(number, key: key, "the value is not UTF-8")
        }
        guard let stripped = Self.unquoted(value) else {
            return add(number, key: key, "a quote is not closed, or stands inside the same quotes")
        }
        lines.append(Line(key: key, value: stripped, number: number))
    }

    /// The text of the line is not shown: it may be a piece of a secret.
    private mutating func add(_ number: Int, key: String?, _ problem: String) {
        faults.append(
            SettingsFault(key: key, origin: .file(path, line: number), problem: problem))
    }

    private static func complaint(about row: ArraySlice<UInt8>) -> String {
        row.starts(with: Array("export ".utf8)) || row.starts(with: Array("export\t".utf8))
            ? "has `export`, which is not understood here (nor by systemd and Docker); write KEY=value"
            : "must be KEY=value without spaces before the =, a # comment or a blank line"
    }

    /// Letters, digits and underscores, no digit first, at most 128 of them.
    private static func key(_ bytes: ArraySlice<UInt8>) -> String? {
        guard let first = bytes.first, bytes.count <= 128, !isDigit(first) else { return nil }
        let isGood = bytes.allSatisfy { byte in
            isDigit(byte) || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        return isGood ? String(decoding: bytes, as: UTF8.self) : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Without blanks and carriage returns at both ends.
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        let start = bytes.drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return [] }
        return start[...last]
    }

    /// The value without a pair of quotes round the whole of it.
    ///
    /// Quotes round a part only are the value's own, as in `"Acme, Inc." <help@acme.test>`; nil
    /// where they are not in pairs.
    static func unquoted(_ value: String) -> String? {
        guard let quote = value.first, quote == "\"" || quote == "'" else { return value }
        let count = value.count(where: { $0 == quote })
        guard value.last == quote, count > 1 else { return count.isMultiple(of: 2) ? value : nil }
        return count == 2 ? String(value.dropFirst().dropLast()) : nil
    }
}
