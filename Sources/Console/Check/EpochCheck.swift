internal import Engine
internal import Service

/// Whether a restored backup would be noticed: by the file beside the database.
struct EpochCheck {
    var database: String

    func findings() -> [CheckReport.Finding] {
        guard let problem = EpochFile(besideDatabase: database).writingProblem else { return [] }
        return [
            CheckReport.Finding(
                .database, .warn, "a restored backup would not be noticed: \(problem)")
        ]
    }
}
