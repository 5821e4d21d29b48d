extension JSON.Member {
    /// Rows that could not be changed, such as `"refused": [{"id": 12, "why": "is being sent"}]`.
    static func refused(_ rows: [(id: Int64, why: String)]) -> JSON.Member {
        JSON.Member(
            "refused",
            .array(rows.map { .object(["id": .int($0.id), "why": .string($0.why)]) }))
    }
}
