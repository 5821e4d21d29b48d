internal import SQLite

/// Reads one row of `helpdesks`, which may be a view.
///
/// 1. Nearly always one statement reads it.
/// 2. Where a value is longer than SQLite may read, each column is read by itself. A mail can do without most of them;
///    without the others its helpdesk's mail waits.
struct HelpdeskReader {
    let connection: Connection
    let columns: APIColumns

    /// nil if there is no row.
    func record(_ id: String) throws -> HelpdeskRecord? {
        do {
            return try connection.statement(columns.helpdesk).bind(id).first(HelpdeskRecord.init)
        } catch let error as SQLiteError where error.isTooBig {
            return try byColumns(id)
        }
    }

    private func byColumns(_ id: String) throws -> HelpdeskRecord? {
        guard let isPaused = try value(Schema.isPaused, id, { $0.bool(0) }) else { return nil }
        var overlong: [String] = []
        func optional(_ column: String) throws -> String? {
            do {
                let sql = columns.sql(column, of: Schema.helpdesks)
                return try value(sql, id) { $0.optionalText(0) }
            } catch let error as SQLiteError where error.isTooBig {
                overlong.append(column)
                return nil
            }
        }
        let helpdesk = Helpdesk(
            id: id, name: try required("name", id), fromAddress: try required("from_address", id),
            replyTo: try optional("reply_to"), bounceAddress: try optional("bounce_address"),
            ticketCenterURL: try optional("ticket_center_url"),
            dashboardURL: try optional("dashboard_url"),
            // Without it less is linked, never more.
            allowedDomains: try optional("allowed_domains") ?? "",
            locale: try optional("locale") ?? "en", timeZone: try optional("time_zone"),
            brandColor: try optional("brand_color"), logoURL: try optional("logo_url"),
            footerText: try optional("footer_text"), overlong: overlong)
        return HelpdeskRecord(helpdesk: helpdesk, isPaused: isPaused)
    }

    /// - Throws: where it is too long, with the column's name.
    private func required(_ column: String, _ id: String) throws -> String {
        do {
            return try value(column, id) { $0.text(0) } ?? ""
        } catch var error as SQLiteError where error.isTooBig {
            error.message = "\(column): \(error.message)"
            throw error
        }
    }

    private func value<T>(
        _ expression: String, _ id: String, _ read: (Statement) -> T?
    ) throws -> T? {
        try connection.statement("SELECT \(expression) FROM helpdesks WHERE id = ?").bind(id)
            .first(read) ?? nil
    }
}
