/// The text of a CREATE TABLE, in its parts. https://sqlite.org/lang_createtable.html
struct TableText {
    /// Columns and table constraints, as they stand between the commas.
    private(set) var items: [[SQLToken]]
    /// What follows the last parenthesis: STRICT, WITHOUT ROWID.
    private(set) var options: [SQLToken]

    /// nil for what is no such statement (`CREATE TABLE … AS` is kept by SQLite as one with columns).
    init?(_ sql: String) {
        let tokens = SQLToken.all(of: sql)
        guard let start = tokens.firstIndex(where: { $0.text == "(" }),
            let end = tokens.lastIndex(where: { $0.text == ")" }), start < end
        else { return nil }
        items = Self.split(Array(tokens[(start + 1)..<end]))
        options = Array(tokens[(end + 1)...])
    }

    private static func split(_ tokens: [SQLToken]) -> [[SQLToken]] {
        var items: [[SQLToken]] = [[]]
        var depth = 0
        for token in tokens {
            if token.text == "(" { depth += 1 }
            if token.text == ")" { depth -= 1 }
            if token.text == ",", depth == 0 {
                items.append([])
            } else {
                items[items.count - 1].append(token)
            }
        }
        return items
    }

    /// The statement for a table of this name.
    func create(_ name: String) -> String {
        let body = items.map { $0.map(\.text).joined() }.joined(separator: ",")
        return "CREATE TABLE \(name) (\(body))\(options.map(\.text).joined())"
    }

    /// Makes `id` an INTEGER PRIMARY KEY AUTOINCREMENT; what else was the primary key becomes UNIQUE.
    ///
    /// | what there is | what becomes of it |
    /// |---|---|
    /// | `id` with any type, PRIMARY KEY or not | `id INTEGER PRIMARY KEY AUTOINCREMENT`, its other constraints kept |
    /// | `PRIMARY KEY (id)` for the table | goes |
    /// | `PRIMARY KEY (…)` of other columns, or in another column | `UNIQUE` |
    /// | `WITHOUT ROWID` | goes: such a table counts no ids |
    mutating func keepIDs() {
        items = items.compactMap(Self.rewritten)
        guard let without = options.firstIndex(where: { $0.isWord("WITHOUT") }) else { return }
        let words = options[without...].filter { $0.kind == .word }.map { $0.text.uppercased() }
        let others =
            words.dropFirst(2) + options[..<without].filter { $0.kind == .word }.map(\.text)
        options = SQLToken.all(of: others.isEmpty ? "" : " " + others.joined(separator: ", "))
    }

    private static func rewritten(_ item: [SQLToken]) -> [SQLToken]? {
        guard let first = item.first(where: { $0.kind != .space }) else { return item }
        if isConstraint(first) {
            guard let key = primaryKey(in: item) else { return item }
            let columns = item[key.upperBound...].filter { $0.kind == .word || $0.kind == .quoted }
            return columns.first?.name == "id" && columns.dropFirst().allSatisfy { isOrder($0) }
                ? nil : replacing(key, in: item, by: "UNIQUE")
        }
        if first.name == "id" { return idColumn(item) }
        return primaryKey(in: item).map { replacing($0, in: item, by: "UNIQUE") } ?? item
    }

    private static func isConstraint(_ token: SQLToken) -> Bool {
        ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].contains { token.isWord($0) }
    }

    private static func isOrder(_ token: SQLToken) -> Bool {
        [
            "ASC", "DESC", "AUTOINCREMENT", "ON", "CONFLICT", "ROLLBACK", "ABORT", "FAIL", "IGNORE",
            "REPLACE",
        ]
        .contains { token.isWord($0) }
    }

    /// Where PRIMARY KEY and the order behind it stand.
    private static func primaryKey(in item: [SQLToken]) -> Range<Int>? {
        var depth = 0
        for (index, token) in item.enumerated() {
            if token.text == "(" { depth += 1 }
            if token.text == ")" { depth -= 1 }
            guard depth == 0, token.isWord("PRIMARY"),
                let key = next(after: index, in: item), item[key].isWord("KEY")
            else { continue }
            var end = key
            if let order = next(after: key, in: item),
                item[order].isWord("ASC") || item[order].isWord("DESC")
            {
                end = order
            }
            return index..<(end + 1)
        }
        return nil
    }

    private static func next(after index: Int, in item: [SQLToken]) -> Int? {
        item.indices.dropFirst(index + 1).first { item[$0].kind != .space }
    }

    private static func replacing(
        _ range: Range<Int>, in item: [SQLToken], by text: String
    ) -> [SQLToken] {
        item[..<range.lowerBound] + SQLToken.all(of: text) + item[range.upperBound...]
    }

    /// Its name, and its constraints but for the type and the key.
    private static func idColumn(_ item: [SQLToken]) -> [SQLToken] {
        var item = item
        if let key = primaryKey(in: item) {
            item.replaceSubrange(withName(key, in: item), with: [])
        }
        guard let name = item.firstIndex(where: { $0.kind != .space }) else { return item }
        let constraints = [
            "CONSTRAINT", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES",
            "ON",
        ]
        let rest =
            item.indices.dropFirst(name + 1).first { index in
                constraints.contains { item[index].isWord($0) }
            } ?? item.indices.dropFirst(name + 1).last { item[$0].kind != .space }.map { $0 + 1 }
            ?? name + 1
        let key = SQLToken.all(of: " INTEGER PRIMARY KEY AUTOINCREMENT ")
        return item[...name] + key + item[rest...]
    }

    /// The key with the name and the ON CONFLICT that belong to it.
    private static func withName(_ key: Range<Int>, in item: [SQLToken]) -> Range<Int> {
        let before = item.indices.prefix(key.lowerBound).filter { item[$0].kind != .space }.suffix(
            2)
        var start = key.lowerBound
        if before.count == 2, let first = before.first, item[first].isWord("CONSTRAINT") {
            start = first
        }
        var end = key.upperBound
        if let on = next(after: end - 1, in: item), item[on].isWord("ON"),
            let conflict = next(after: on, in: item), let action = next(after: conflict, in: item)
        {
            end = action + 1
        }
        if let word = next(after: end - 1, in: item), item[word].isWord("AUTOINCREMENT") {
            end = word + 1
        }
        return start..<end
    }
}
