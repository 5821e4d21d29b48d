/// Something happened to our in-flight journal.
///
/// Without its notes no process could tell afterwards which mails were under way, so this one ends, and
/// is started again.
enum JournalGone: Error, CustomStringConvertible {
    case deleted
    case cutShort

    var description: String {
        let what =
            switch self {
            case .deleted: "somebody deleted"
            case .cutShort: "somebody cut short"
            }
        return "\(what) the notes that outboxd keeps beside the database; start outboxd again"
    }
}
