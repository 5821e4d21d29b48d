/// SQL about the line of a mail `outboxd_mails m`, as people are told of it.
enum LineOfMail {
    /// ``Line/Park``; a line that only rests for a moment counts as not parked.
    static let park = """
        (SELECT iif(l.parked = \(park: .fault) AND l.troubles = 0, \(park: .none), l.parked)
            FROM outboxd_lines l WHERE l.id = m.line)
        """

    /// Why the helpdesk's own row can't be read; NULL if it can.
    static let error = """
        (SELECT l.error_text FROM outboxd_lines l
            WHERE l.id = m.line AND l.parked = \(park: .fault) AND l.troubles > 0)
        """
}
