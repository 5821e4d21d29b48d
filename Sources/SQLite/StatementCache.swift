/// The compiled statements of a connection, by their text.
///
/// A dozen are asked for at every mail, nearly always with the same string as before: the length finds
/// the shelf, and comparing a string with itself is one instruction. A dictionary would hash each time.
struct StatementCache {
    private var shelves: [[Statement]] = Array(repeating: [], count: 128)

    func find(_ sql: String) -> Statement? {
        let length = sql.utf8.count
        let shelf = length % shelves.count
        let place = shelves[shelf].firstIndex { $0.sql.utf8.count == length && $0.sql == sql }
        return place.map { shelves[shelf][$0] }
    }

    mutating func keep(_ statement: Statement) {
        shelves[statement.sql.utf8.count % shelves.count].append(statement)
    }

    mutating func removeAll() {
        for index in shelves.indices { shelves[index].removeAll() }
    }
}
