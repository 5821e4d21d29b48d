internal import Engine

extension JournalTrouble {
    var json: JSON {
        .object([
            "path": .string(path), "owner": owner.map { .string($0) } ?? .null,
            "error": .string(description),
        ])
    }
}
