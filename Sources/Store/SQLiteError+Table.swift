package import SQLite

extension SQLiteError {
    /// What failed for one mail, with the API server's tables that the statement is about, if there are
    /// any: the person on call has to know where to look.
    ///
    /// A trigger's RAISE names the table of ours that it stands on, if it does.
    ///
    /// Example: `in suppressions: NOT NULL constraint failed: suppressions.tenant (SQLite 1299)`.
    package var inTable: String {
        let words = operation.split { !($0.isLetter || $0.isNumber || $0 == "_") }
        let tables = ["suppressions", "read_markers", "helpdesks", "outbox"].filter {
            words.contains(Substring($0))
        }
        let text = "\(message) (SQLite \(code))"
        // Nobody else's trigger belongs there, so that is where to look.
        if isByTrigger, let own = words.first(where: { $0.hasPrefix("outboxd_") }) {
            return "in a trigger on \(own): \(text)"
        }
        return tables.isEmpty ? text : "in \(tables.joined(separator: " or ")): \(text)"
    }
}

/// The sentence for an error that costs only one mail.
func faultText(_ error: any Error) -> String {
    switch error {
    case let error as SQLiteError: error.inTable
    case let error as HelpdeskFault: error.cause.inTable
    default: "\(error)"
    }
}
