import TestSupport

/// Who writes in the tests of neighbours.
enum Tenants {
    /// Two with From addresses of their own.
    static let two = """
        INSERT INTO helpdesks (id, name, from_address)
        VALUES ('bad', 'Bad', 'bad@acme.test'), ('good', 'Good', 'good@acme.test')
        """

    /// So many instant mails, each of a conversation of its own.
    static func mails(_ count: Int, _ prefix: String, helpdesk: String = "h1") -> [Row] {
        (0..<count).map {
            Row(
                to: "\(prefix)\($0)@example.test", conversation: "\(prefix)\($0)",
                helpdesk: helpdesk, instant: true)
        }
    }
}
